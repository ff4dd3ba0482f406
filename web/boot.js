// The page: starts the module and the workers, hands over what the user does, and does what the module asks for. No logic
// of the application is here; docs/page.md lists the messages.
'use strict';

(() => {
  const LARGEST_FILE = 1024 * 1024 * 1024;
  const MOST_WORKERS = 8;
  const LONG_PRESS_MS = 500;
  const CLICK_PX = 6;
  const PINCH_NOTCHES = 6; // wheel notches for a pinch to double size
  const STORED = ['theme', 'font_scale', 'workspace', 'remember', 'session', 'microscopes'];

  const canvas = document.getElementById('canvas');
  const typing = document.getElementById('typing');
  const mirror = document.getElementById('mirror');
  const opened = performance.now();
  let module = null;
  let scriptUrl = '';
  let compiled = null;
  let broken = false;

  // --- Messages -----------------------------------------------------------------------------------------------------

  function stopped(error) {
    if (broken) return;
    broken = true;
    console.error(error);
    show('Micrographia has stopped', 'Something went wrong in the page itself (' + ((error && error.message) || error) +
      '). Your files are untouched. Reload the page to go on.');
  }

  function guarded(call) {
    if (!module || broken) return;
    try {
      call();
    } catch (error) {
      stopped(error);
    }
  }

  function post(head, buffers, from) {
    guarded(() => passTo(module, head, buffers, (at, length) => module._mg_message(at, length, from)));
  }

  const send = (head, buffers = []) => post(JSON.stringify(head), buffers, -1);
  const toast = (text, kind = 'failure') => send({ type: 'toast', kind, text });

  function show(title, text) {
    document.getElementById('message-title').textContent = title;
    document.getElementById('message-text').textContent = text;
    document.getElementById('message').hidden = !title;
  }

  // --- Frames: only when asked for ------------------------------------------------------------------------------------

  let framePending = false;
  let timer = 0;
  let timerAt = Infinity;

  function requestFrame() {
    if (framePending) return;
    framePending = true;
    requestAnimationFrame(() => {
      framePending = false;
      guarded(() => module._mg_frame());
    });
  }

  function requestFrameAfter(seconds) {
    const at = performance.now() + Math.max(0, seconds) * 1000;
    if (at >= timerAt) return;
    clearTimeout(timer);
    timerAt = at;
    timer = setTimeout(() => {
      timerAt = Infinity;
      requestFrame();
    }, at - performance.now());
  }

  const nextFrame = () =>
    new Promise((done) => {
      const late = setTimeout(done, 200); // a hidden page gets no frames
      requestAnimationFrame(() => {
        clearTimeout(late);
        done();
      });
    });

  // --- Size -----------------------------------------------------------------------------------------------------------

  function measured() {
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.max(1, Math.round(canvas.clientWidth * ratio));
    canvas.height = Math.max(1, Math.round(canvas.clientHeight * ratio));
    return { width: canvas.width / ratio, height: canvas.height / ratio, ratio };
  }

  function resize() {
    send({ type: 'resize', ...measured() });
    guarded(() => module._mg_frame()); // at once: a resized canvas is empty
  }

  function watchSize() {
    new ResizeObserver(resize).observe(canvas);
    const watchRatio = () =>
      matchMedia('(resolution: ' + window.devicePixelRatio + 'dppx)').addEventListener('change', () => {
        resize();
        watchRatio();
      }, { once: true });
    watchRatio();
  }

  // --- Workers --------------------------------------------------------------------------------------------------------

  const workers = [];

  function spawn(index) {
    const worker = new Worker(scriptUrl);
    workers[index] = worker;
    worker.onmessage = (event) => {
      if (workers[index] !== worker) return;
      if (event.data.died !== undefined) return lost(index, worker, event.data.died);
      deaths = 0;
      if (event.data.keep) keepResults(event.data, index);
      else post(event.data.head, event.data.buffers, index);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      lost(index, worker, event.message || 'the worker could not start');
    };
    worker.postMessage({ module: compiled });
  }

  const MOST_DEATHS = 20;
  let deaths = 0; // one after another without a word of any worker: they do not run here at all

  function lost(index, worker, words) {
    if (workers[index] !== worker) return;
    worker.terminate();
    if (++deaths > MOST_DEATHS) return stopped(new Error('workers cannot run here: ' + words));
    spawn(index);
    send({ type: 'worker_died', worker: index, words });
  }

  // --- Files that the module knows by their numbers: what the user opened, and results ----------------------------------

  const files = new Map(); // number -> Blob; the browser's own Files stay on the disk
  let nextFile = 1;

  function keep(blob) {
    files.set(nextFile, blob);
    return nextFile++;
  }

  function keepResults({ head, buffers }, index) {
    const kept = buffers.map((bytes) => ({ file: keep(new Blob([bytes])), size: bytes.byteLength }));
    post(JSON.stringify({ ...JSON.parse(head), kept }), [], index);
  }

  // The bytes go straight to the worker. One that has been replaced meanwhile is not meant any more.
  async function startWork(m, request) {
    const worker = workers[m.worker];
    try {
      const buffers = await Promise.all(m.files.map((number) => files.get(number).arrayBuffer()));
      if (workers[m.worker] !== worker) return;
      worker.postMessage({ head: new TextDecoder().decode(request), buffers }, buffers);
    } catch (error) {
      if (workers[m.worker] !== worker) return;
      const failed = 'the browser cannot read the file any more (' + error.message +
        '): it was moved, changed or deleted after it was opened. Open it again.';
      post(JSON.stringify({ job: m.job, failed }), [], m.worker);
    }
  }

  // Pieces of the module and kept files as one.
  function assembled(m, buffers) {
    let next = 0;
    return new Blob(m.parts.map((number) => (number < 0 ? buffers[next++] : files.get(number))), { type: m.mime || '' });
  }

  // --- What the module asks for ---------------------------------------------------------------------------------------

  let storageTold = false;
  const calls = new Map(); // automation calls under way, by id

  const asked = {
    frame_after: (m) => requestFrameAfter(m.seconds),
    restart_worker(m) {
      workers[m.worker].terminate();
      spawn(m.worker);
    },
    open_dialog: (m) => openDialog(m.folder, m.purpose),
    work: (m, [request]) => startWork(m, request),
    want_whole: (m) => (wholeWanted = m.file),
    forget_file: (m) => files.delete(m.file),
    download: (m, buffers) => download(m.name, assembled(m, buffers)),
    copy_png: (m) => copyPng(files.get(m.file)),
    copy_text: (m) => {
      if (navigator.clipboard) navigator.clipboard.writeText(m.text).catch(() => toast('The browser did not allow copying'));
      else toast('The browser did not allow copying');
    },
    full_screen: (m) => setFullScreen(m.on),
    cursor: (m) => (canvas.style.cursor = m.css),
    text_input: (m) => setTextInput(m),
    save_setting(m) {
      try {
        if (m.value) localStorage.setItem('micrographia.' + m.key, m.value);
        else localStorage.removeItem('micrographia.' + m.key);
      } catch {
        // A page from a file may have no storage: the setting lasts as long as the page. Of the session it is told, once.
        if ((m.key === 'remember' || m.key === 'session') && m.value && !storageTold) {
          storageTold = true;
          setTimeout(() => toast('This browser does not let the page keep the session: it has no room, or allows no storage'));
        }
      }
    },
    items: (m) => mirrorItems(m.items),
    no_webgl: () =>
      show('Micrographia needs WebGL 2', 'This browser offers no WebGL 2, which draws the page. Switch on hardware ' +
        'acceleration, or use a current Firefox, Chrome, Edge or Safari.'),
    answer(m, buffers) {
      const call = calls.get(m.id);
      calls.delete(m.id);
      if (!call) return;
      if (m.parts) assembled(m, buffers).arrayBuffer().then((bytes) => call(m, [bytes]));
      else call(m, buffers);
    },
  };

  function tell(to, text, buffers) {
    if (to >= 0) return workers[to].postMessage({ head: text, buffers }, buffers);
    const message = JSON.parse(text);
    asked[message.type](message, buffers);
  }

  function download(name, blob) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  async function copyPng(blob) {
    try {
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob.slice(0, blob.size, 'image/png') })]);
      toast('Picture copied', 'info');
    } catch {
      toast('The browser did not allow copying the picture: save it instead');
    }
  }

  function setFullScreen(on) {
    const now = document.fullscreenElement !== null;
    if (on === now) return;
    const change = on ? document.documentElement.requestFullscreen() : document.exitFullscreen();
    Promise.resolve(change).catch(() => send({ type: 'full_screen', on: false }));
  }

  // --- Files ----------------------------------------------------------------------------------------------------------

  const START = 64 * 1024; // of a file: what it is can be seen from these bytes
  let wholeWanted = 0;     // number of the file of which the module must see all
  let giving = Promise.resolve();

  const AHEAD = 16;        // files whose start is asked for while others are still being read
  const startOf = ({ file }, purpose) => {
    const blob = file instanceof Blob ? file : new Blob([file]);
    return (purpose === 'logo' ? blob : blob.slice(0, START)).arrayBuffer().then((start) => ({ blob, start }), (error) => ({ blob, error }));
  };

  // found: [{path, file}], file: a File, a Blob, or bytes. One document change for all of them, one set after another.
  function give(found, purpose) {
    giving = giving.catch(() => {}).then(() => giveNow(found, purpose));
    return giving;
  }

  async function giveNow(found, purpose) {
    const isTooLarge = ({ file }) => (file instanceof Blob ? file.size : file.byteLength) > LARGEST_FILE;
    const tooLarge = found.filter(isTooLarge).map(({ path }) => path);
    const wanted = found.filter((one) => !isTooLarge(one));
    const starts = [];
    send({ type: 'files_begin', count: wanted.length });
    for (const [i, { path }] of wanted.entries()) {
      while (starts.length < wanted.length && starts.length <= i + AHEAD) starts.push(startOf(wanted[starts.length], purpose));
      const { blob, start, error } = await starts[i];
      starts[i] = null;
      const number = keep(blob);
      const pass = (bytes) =>
        post(JSON.stringify({ type: 'file', path, file: number, size: blob.size, modified: blob.lastModified || 0, bytes: 0 }), [bytes], -1);
      try {
        if (error) throw error;
        pass(start);
        if (wholeWanted === number) pass(await blob.arrayBuffer());
      } catch (error) {
        files.delete(number);
        toast(path + ' could not be read: ' + error.message);
      }
    }
    send({ type: 'files_end', purpose });
    if (tooLarge.length) toast(tooLarge.join(', ') + ': larger than 1 GB, which is the limit for a file. The command line reads larger ones.');
  }

  function openDialog(folder, purpose) {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = purpose === 'images';
    input.webkitdirectory = folder;
    if (purpose === 'logo') input.accept = 'image/png';
    input.onchange = () =>
      give([...input.files].map((file) => ({ path: file.webkitRelativePath || file.name, file })), purpose);
    input.click();
  }

  // Every file below a dropped folder: by handles where there are any, because a page from a file may not read entries in
  // Chromium; else by entries, whose reader hands out portions until an empty one.
  async function filesBelowHandle(handle, path) {
    if (handle.kind === 'file') return [{ path, file: await handle.getFile() }];
    const children = [];
    for await (const child of handle.values()) children.push(child);
    return (await Promise.all(children.map((child) => filesBelowHandle(child, path + '/' + child.name)))).flat();
  }

  async function filesBelowEntry(entry) {
    const path = entry.fullPath.replace(/^\//, '');
    if (entry.isFile) {
      return new Promise((done, failed) => entry.file((file) => done([{ path, file }]), failed));
    }
    const reader = entry.createReader();
    const portion = () => new Promise((done, failed) => reader.readEntries(done, failed));
    const found = [];
    for (let entries = await portion(); entries.length; entries = await portion()) {
      found.push(...(await Promise.all(entries.map(filesBelowEntry))).flat());
    }
    return found;
  }

  async function filesBelow({ entry, handle }) {
    try {
      const root = handle && (await handle.catch(() => null));
      return root ? await filesBelowHandle(root, root.name) : await filesBelowEntry(entry);
    } catch (error) {
      toast('The folder ' + entry.name + ' could not be read (' + error.message + '). Use "Open folder" instead.');
      return [];
    }
  }

  const byPath = (a, b) => a.path.localeCompare(b.path, 'en', { numeric: true });

  async function takeTransfer(transfer) {
    const loose = [];
    const folders = [];
    for (const item of transfer.items) {
      if (item.kind !== 'file') continue;
      const entry = item.webkitGetAsEntry ? item.webkitGetAsEntry() : null;
      if (entry && entry.isDirectory) folders.push({ entry, handle: item.getAsFileSystemHandle && item.getAsFileSystemHandle() });
      else {
        const file = item.getAsFile();
        if (file) loose.push({ path: file.webkitRelativePath || file.name, file });
      }
    }
    if (folders.length) send({ type: 'files_begin', count: 0 });
    const below = (await Promise.all(folders.map(filesBelow))).flat().sort(byPath);
    const found = [...loose, ...below];
    if (found.length || folders.length) await give(found, 'images');
  }

  function watchFiles() {
    for (const type of ['dragenter', 'dragover']) {
      window.addEventListener(type, (event) => {
        event.preventDefault();
        if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
      });
    }
    window.addEventListener('drop', (event) => {
      event.preventDefault();
      if (event.dataTransfer) takeTransfer(event.dataTransfer);
    });
    window.addEventListener('paste', (event) => {
      const data = event.clipboardData;
      if (!data) return;
      event.preventDefault();
      if (data.files.length) give([...data.files].map((file) => ({ path: file.name, file })), 'images');
      else sendText(data.getData('text/plain'));
    });
  }

  // --- Pointer and keys -----------------------------------------------------------------------------------------------

  const place = (event) => ({ x: event.clientX, y: event.clientY });
  const BUTTON = [0, 2, 1]; // the browser's left, middle, right -> ours

  const fingers = new Map();
  let pinch = null;
  let pressTimer = 0;

  const pinchNow = () => {
    const [a, b] = [...fingers.values()];
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, span: Math.max(10, Math.hypot(a.x - b.x, a.y - b.y)) };
  };

  function fingerDown(event) {
    fingers.set(event.pointerId, place(event));
    clearTimeout(pressTimer);
    if (fingers.size === 1) {
      const at = place(event);
      send({ type: 'pointer', kind: 'move', touch: true, ...at });
      send({ type: 'pointer', kind: 'down', button: 0, touch: true, ...at });
      pressTimer = setTimeout(() => {
        send({ type: 'pointer', kind: 'up', button: 0, touch: true, ...at });
        send({ type: 'pointer', kind: 'down', button: 1, touch: true, ...at });
        send({ type: 'pointer', kind: 'up', button: 1, touch: true, ...at });
      }, LONG_PRESS_MS);
    } else if (fingers.size === 2) {
      send({ type: 'pointer', kind: 'up', button: 0, touch: true, ...place(event) });
      pinch = pinchNow();
    }
  }

  function fingerMove(event) {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const at = place(event);
    if (Math.hypot(at.x - before.x, at.y - before.y) > CLICK_PX) clearTimeout(pressTimer);
    if (fingers.size === 1 && !pinch) {
      if (Math.hypot(at.x - before.x, at.y - before.y) > CLICK_PX) fingers.set(event.pointerId, at);
      return send({ type: 'pointer', kind: 'move', touch: true, ...at });
    }
    fingers.set(event.pointerId, at);
    if (fingers.size < 2) return;
    const now = pinchNow();
    send({ type: 'wheel', x: now.x, y: now.y, dx: 0, dy: Math.log2(now.span / pinch.span) * PINCH_NOTCHES, ctrl: false });
    pinch = now;
  }

  function fingerUp(event) {
    clearTimeout(pressTimer);
    if (!fingers.delete(event.pointerId)) return;
    if (!pinch) {
      send({ type: 'pointer', kind: 'up', button: 0, touch: true, ...place(event) });
      send({ type: 'pointer', kind: 'leave', touch: true });
    }
    if (fingers.size === 0) pinch = null;
  }

  function watchPointer() {
    const isFinger = (event) => event.pointerType === 'touch';
    canvas.addEventListener('pointerdown', (event) => {
      if (document.activeElement !== typing) canvas.focus({ preventScroll: true });
      event.preventDefault();
      if (isFinger(event)) return fingerDown(event);
      try {
        canvas.setPointerCapture(event.pointerId);
      } catch {
        // Events made by a script have no pointer to capture.
      }
      send({ type: 'pointer', kind: 'down', button: BUTTON[event.button] || 0, ...place(event) });
    });
    canvas.addEventListener('pointermove', (event) =>
      isFinger(event) ? fingerMove(event) : send({ type: 'pointer', kind: 'move', ...place(event) }));
    canvas.addEventListener('pointerup', (event) =>
      isFinger(event) ? fingerUp(event) : send({ type: 'pointer', kind: 'up', button: BUTTON[event.button] || 0, ...place(event) }));
    canvas.addEventListener('pointercancel', fingerUp);
    canvas.addEventListener('pointerleave', (event) => {
      if (!isFinger(event) && event.buttons === 0) send({ type: 'pointer', kind: 'leave' });
    });
    canvas.addEventListener('contextmenu', (event) => event.preventDefault());
    canvas.addEventListener('wheel', (event) => {
      event.preventDefault();
      const notch = [100, 3, 1][event.deltaMode] || 100;
      send({ type: 'wheel', ...place(event), dx: -event.deltaX / notch, dy: -event.deltaY / notch, ctrl: event.ctrlKey });
    }, { passive: false });
  }

  function sendText(text) {
    if (text) send({ type: 'text', text });
  }

  // Keys that stay the browser's: its own tabs, reload, tools, zoom, and pasting (which comes as an event of its own).
  function isBrowsers(event) {
    if (/^F\d+$/.test(event.key)) return true;
    const command = event.ctrlKey || event.metaKey;
    return (command && /^[rtwnlpqviju0=+-]$/i.test(event.key)) || (event.altKey && event.key.startsWith('Arrow'));
  }

  function onKey(event, down) {
    if (event.isComposing || event.keyCode === 229) return;
    const ctrl = event.ctrlKey || event.metaKey; // the Mac's Command stands for Ctrl
    const types = event.key.length === 1 && !ctrl;
    if (!isBrowsers(event) && !(types && document.activeElement === typing)) event.preventDefault();
    send({ type: 'key', key: event.key, code: event.code, down, ctrl, shift: event.shiftKey, alt: event.altKey });
    if (down && types && document.activeElement !== typing) sendText(event.key);
  }

  // A field that is never empty, so that a touch keyboard's backspace is heard.
  const FILLER = '\u200b';

  function setTextInput(m) {
    typing.style.left = m.x + 'px';
    typing.style.top = m.y + 'px';
    typing.value = FILLER;
    if (m.wanted) typing.focus({ preventScroll: true });
    else canvas.focus({ preventScroll: true });
  }

  function watchKeys() {
    window.addEventListener('keydown', (event) => onKey(event, true));
    window.addEventListener('keyup', (event) => onKey(event, false));
    typing.addEventListener('input', (event) => {
      if (event.isComposing) return;
      if (event.inputType === 'deleteContentBackward') {
        for (const down of [true, false]) send({ type: 'key', key: 'Backspace', code: 'Backspace', down });
      } else if (event.inputType !== 'insertCompositionText') sendText(event.data);
      typing.value = FILLER;
    });
    typing.addEventListener('compositionend', (event) => {
      sendText(event.data);
      typing.value = FILLER;
    });
    window.addEventListener('blur', () => send({ type: 'focus', on: false }));
    window.addEventListener('focus', () => send({ type: 'focus', on: true }));
    document.addEventListener('fullscreenchange', () => send({ type: 'full_screen', on: document.fullscreenElement !== null }));
    document.addEventListener('visibilitychange', requestFrame);
    window.addEventListener('pagehide', () => send({ type: 'page_hide' }));
    canvas.addEventListener('webglcontextlost', (event) => {
      event.preventDefault();
      show('The graphics were interrupted', 'The page goes on as soon as the browser gives them back.');
      send({ type: 'context', lost: true });
    });
    canvas.addEventListener('webglcontextrestored', () => {
      show('', '');
      send({ type: 'context', lost: false });
    });
  }

  // --- The list for screen readers ------------------------------------------------------------------------------------

  const ROLES = { button: 'button', switch: 'switch', slider: 'slider', text: 'textbox', choice: 'button', row: 'button',
    image: 'img', heading: 'heading', status: 'status' };
  const mirrored = new Map(); // id -> {element, item}

  function attributes(item) {
    const of = { role: ROLES[item.kind] || 'group', 'aria-label': item.value && item.kind !== 'switch' ? item.label + ': ' + item.value : item.label };
    if (!item.enabled) of['aria-disabled'] = 'true';
    if (item.kind === 'switch') of['aria-checked'] = String(item.value === 'on');
    if (item.kind === 'slider') {
      of['aria-valuetext'] = item.value;
      of['aria-valuenow'] = String(parseFloat(item.value) || 0);
    }
    if (item.kind === 'heading') of['aria-level'] = '2';
    if (item.focused) of['aria-current'] = 'true';
    return of;
  }

  function mirrorItems(items) {
    const seen = new Set();
    let after = null;
    for (const item of items) {
      const id = item.id || item.kind + '/' + item.label;
      if (seen.has(id)) continue;
      seen.add(id);
      let entry = mirrored.get(id);
      if (!entry) {
        const element = document.createElement('li');
        const control = document.createElement('span');
        control.tabIndex = -1;
        control.addEventListener('click', () => clickAt(entry.item));
        element.append(control);
        entry = { element, control, item };
        mirrored.set(id, entry);
      }
      entry.item = item;
      const wanted = attributes(item);
      for (const name of entry.control.getAttributeNames()) {
        if (name !== 'tabindex' && !(name in wanted)) entry.control.removeAttribute(name);
      }
      for (const [name, value] of Object.entries(wanted)) {
        if (entry.control.getAttribute(name) !== value) entry.control.setAttribute(name, value);
      }
      const next = after ? after.nextSibling : mirror.firstChild;
      if (next !== entry.element) mirror.insertBefore(entry.element, next);
      after = entry.element;
    }
    for (const [id, entry] of mirrored) {
      if (seen.has(id)) continue;
      entry.element.remove();
      mirrored.delete(id);
    }
  }

  // --- Automation: see docs/page.md -----------------------------------------------------------------------------------

  let nextCall = 1;

  function ask(head) {
    return new Promise((done, failed) => {
      const id = nextCall++;
      calls.set(id, (answer, buffers) => (answer.error ? failed(new Error(answer.error)) : done({ answer, buffers })));
      send({ ...head, id });
    });
  }

  function state() {
    let found = null;
    const id = nextCall++;
    calls.set(id, (answer) => (found = answer.state));
    send({ type: 'state', id });
    return { ...found, ratio: window.devicePixelRatio, opened_to_usable_ms: usableAfter, stopped: broken,
      heap_bytes: module.HEAPU8.length, kept_files: files.size };
  }

  async function clickAt(item, button = 0) {
    const at = { clientX: item.x + item.width / 2, clientY: item.y + item.height / 2 };
    const fire = async (type, buttons) => {
      canvas.dispatchEvent(new PointerEvent(type, { ...at, button, buttons, pointerType: 'mouse', bubbles: true }));
      await nextFrame();
      await nextFrame();
    };
    await fire('pointermove', 0);
    await fire('pointerdown', 1);
    await fire('pointerup', 0);
  }

  // The item with that id or label that shows; waits a moment for one that is just coming.
  async function findItem(name) {
    for (let attempt = 0; attempt < 60; attempt++) {
      const items = state().items || [];
      const found = items.find((i) => i.id === name && i.enabled) || items.find((i) => i.label === name && i.enabled);
      if (found) return found;
      requestFrame();
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error('nothing called "' + name + '" is on the page');
  }

  function bytesFrom(file) {
    if (file.base64 !== undefined) return Uint8Array.from(atob(file.base64), (c) => c.charCodeAt(0));
    return file.bytes || file.file;
  }

  let usableAfter = 0;
  let setReady = null;

  window.micrographia = {
    ready: new Promise((done) => (setReady = done)),
    async open(files) {
      const found = files.map((file) =>
        file instanceof Blob ? { path: file.webkitRelativePath || file.name, file } : { path: file.path, file: bytesFrom(file) });
      await give(found, 'images');
      return window.micrographia.idle();
    },
    async run(recipe) {
      if (typeof recipe === 'string') await ask({ type: 'run', text: recipe });
      else {
        const values = Object.entries(recipe).map(([key, value]) => [key, value === false ? 'off' : value === true ? 'on' : String(value)]);
        await ask({ type: 'run', values: Object.fromEntries(values) });
      }
      return window.micrographia.idle();
    },
    export: async (name = '') => new Uint8Array((await ask({ type: 'export', name })).buffers[0]),
    exportAll: async () => new Uint8Array((await ask({ type: 'export_all' })).buffers[0]),
    exportSet: async () => new Uint8Array((await ask({ type: 'export_set' })).buffers[0]),
    state,
    click: async (name) => clickAt(await findItem(name)),
    command: (name, values = {}) => ask({ ...values, type: 'command', name, ...(values.name === undefined ? {} : { argument: values.name }) }).then(() => undefined),
    idle: () => ask({ type: 'when_idle' }).then(() => undefined),
    test: async (kind, number = 0) => {
      if (kind === 'kill') lost(number % workers.length, workers[number % workers.length], 'ended by a test');
      else await ask({ type: 'test', kind, seconds: number });
    },
  };

  // --- Start ----------------------------------------------------------------------------------------------------------

  function settings() {
    const found = {};
    for (const key of STORED) {
      try {
        found[key] = localStorage.getItem('micrographia.' + key) || '';
      } catch {
        found[key] = '';
      }
    }
    return found;
  }

  const textOf = (id) => document.getElementById(id).textContent;

  function loadScript(url) {
    return new Promise((done, failed) => {
      const script = document.createElement('script');
      script.src = url;
      script.onload = done;
      script.onerror = () => failed(new Error('the page is incomplete'));
      document.head.append(script);
    });
  }

  // The module's bytes: base64, and compressed where the page says so.
  async function moduleBytes(element) {
    const text = atob(element.textContent);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    if (!element.dataset.encoding) return bytes;
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(element.dataset.encoding));
    return new Response(stream).arrayBuffer();
  }

  async function start() {
    scriptUrl = URL.createObjectURL(new Blob([textOf('glue'), textOf('worker')], { type: 'text/javascript' }));
    const compiling = moduleBytes(document.getElementById('wasm')).then((bytes) => WebAssembly.compile(bytes));
    await loadScript(scriptUrl);
    compiled = await compiling;
    const instance = await instantiate(compiled, {
      canvas,
      tell,
      requestFrame,
      print: (text) => console.log(text),
      printErr: (text) => console.error(text),
    });
    const count = Math.min(MOST_WORKERS, Math.max(1, navigator.hardwareConcurrency || 2));
    module = instance;
    const head = JSON.stringify({ workers: count, settings: settings(), ...measured() });
    guarded(() => passTo(module, head, [], (at, length) => module._mg_start(at, length)));
    guarded(() => module._mg_frame());
    watchSize();
    watchFiles();
    watchPointer();
    watchKeys();
    canvas.focus({ preventScroll: true });
    usableAfter = performance.now();
    for (let i = 0; i < count; i++) spawn(i);
    setReady({ opened_ms: opened, usable_ms: usableAfter });
  }

  start().catch((error) =>
    stopped(typeof WebAssembly === 'object' ? error : new Error('this browser has no WebAssembly')));
})();
