import { render } from 'preact';
import { start } from './state/app-state.ts';
import { App } from './ui/app.tsx';

start();
render(<App />, document.getElementById('page') as HTMLElement);
