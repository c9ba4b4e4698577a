/** The script of the worker, which `page/build/build-page.ts` puts into the page. */
declare module 'virtual:worker' {
  const script: string;
  export default script;
}
