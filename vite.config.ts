// Builds the pages of src/serve/web into dist/serve/web. No plugin, nothing inlined: the pages run under a policy without exceptions.

import { defineConfig } from 'vite';

export default defineConfig({
  root: 'src/serve/web',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../../../dist/serve/web',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // what pages share is one file, not nine that wait for a connection each; what draws graphs stays with the pages that draw
        codeSplitting: {
          groups: [{ name: 'shared', test: /[\\/]src[\\/].*\.tsx?$|[\\/]preact[\\/]/, minShareCount: 2 }],
        },
      },
    },
  },
  // for work on the pages: `npx vite`, with a running service behind it
  server: { host: '127.0.0.1', proxy: { '/api': 'http://127.0.0.1:8321' } },
});
