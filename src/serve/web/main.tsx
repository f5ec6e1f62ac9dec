// Entry of the pages: puts the app into the document. Nothing else.

import { render } from 'preact';
import { App } from './app.tsx';

render(<App />, document.getElementById('app')!);
