// A worker: an instance of the page's module without a window. It is sent {module} once, then {head, buffers}, and posts
// {head, buffers, keep} back. Whatever goes wrong ends it; the page starts another.
'use strict';

const PAGE_KEEPS = -2; // the page keeps the buffers as files; see wasm/platform/platform.h

function packed(head, buffers) {
  const text = new TextEncoder().encode(head);
  const lengths = [text.length, buffers.length, ...buffers.map((b) => b.byteLength)];
  const total = 4 * lengths.length + text.length + buffers.reduce((sum, b) => sum + b.byteLength, 0);
  return { lengths, text, buffers, total };
}

// Copies a head and buffers into the module's memory, calls with (pointer, length), and frees it.
function passTo(module, head, buffers, call) {
  const run = packed(head, buffers);
  const at = module._malloc(run.total);
  if (!at) throw new Error('not enough memory for ' + run.total + ' bytes');
  const heap = module.HEAPU8;
  new Uint8Array(heap.buffer, at, 4 * run.lengths.length).set(new Uint8Array(new Uint32Array(run.lengths).buffer));
  let place = at + 4 * run.lengths.length;
  for (const part of [run.text, ...run.buffers]) {
    heap.set(part instanceof Uint8Array ? part : new Uint8Array(part), place);
    place += part.byteLength;
  }
  try {
    call(at, run.total);
  } finally {
    module._free(at);
  }
}

function instantiate(compiled, options) {
  return createMicrographia(
    Object.assign(
      {
        noInitialRun: true,
        instantiateWasm(imports, done) {
          WebAssembly.instantiate(compiled, imports).then((instance) => done(instance, compiled));
          return {};
        },
      },
      options,
    ),
  );
}

function runWorker() {
  let ready = null;
  const die = (error) => {
    self.postMessage({ died: String((error && error.message) || error) });
    self.close();
  };
  self.onmessage = (event) => {
    if (event.data.module) {
      ready = instantiate(event.data.module, {
        tell: (to, head, buffers) => self.postMessage({ head, buffers, keep: to === PAGE_KEEPS }, buffers),
        requestFrame: () => {},
        print: () => {},
        printErr: () => {},
        onAbort: () => {},
      });
      ready.catch(die);
      return;
    }
    ready
      .then((module) => passTo(module, event.data.head, event.data.buffers, (at, length) => module._mg_work(at, length)))
      .catch(die);
  };
}

if (typeof WorkerGlobalScope !== 'undefined') runWorker();
