import { render } from 'preact';
import { start } from './state/app-state.ts';
import { App } from './ui/app.tsx';

start();
// In a task of its own: running the script and building the page are too long for one (docs/performance.md#the-page-in-a-browser).
setTimeout(() => render(<App />, document.getElementById('page') as HTMLElement));
