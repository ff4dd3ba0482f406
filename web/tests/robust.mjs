// What the page does when things go wrong: hard files among good ones, workers that die, lost graphics, a closed tab,
// hostile names, thousands of files. Used by run.mjs, which hands over its helpers as `t`.
import { createServer as createTcp, connect } from 'node:net';
import { createServer } from 'node:http';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

// --- Files ------------------------------------------------------------------------------------------------------------

// A plain 8-bit TIFF, one strip per page.
export function tiff(width, height, { pages = 1, seed = 0, description = '', claim = null, bits = 8 } = {}) {
  const parts = [Buffer.from([0x49, 0x49, 42, 0, 0, 0, 0, 0])];
  let at = 8;
  let link = [0, 4];
  for (let page = 0; page < pages; page++) {
    const pixels = Buffer.alloc((width * height * bits) / 8);
    for (let i = 0; i < pixels.length; i++) pixels[i] = (((i % width) * 3 + ((i / width) | 0) * 5 + seed * 7 + page * 40) % 200) + 20;
    const words = Buffer.from(description + '\0');
    const tags = [[256, 4, claim ? claim[0] : width], [257, 4, claim ? claim[1] : height], [258, 4, bits], [259, 4, 1], [262, 4, 1],
      ...(description ? [[270, 2, at + pixels.length, words.length]] : []),
      [273, 4, at], [277, 4, 1], [278, 4, claim ? claim[1] : height], [279, 4, pixels.length]];
    const place = at + pixels.length + (description ? words.length : 0);
    const directory = Buffer.alloc(2 + 12 * tags.length + 4);
    directory.writeUInt16LE(tags.length, 0);
    tags.forEach(([tag, type, value, count = 1], i) => {
      directory.writeUInt16LE(tag, 2 + 12 * i);
      directory.writeUInt16LE(type, 4 + 12 * i);
      directory.writeUInt32LE(count, 6 + 12 * i);
      directory.writeUInt32LE(value, 10 + 12 * i);
    });
    parts[link[0]].writeUInt32LE(place, link[1]);
    parts.push(pixels, ...(description ? [words] : []), directory);
    link = [parts.length - 1, directory.length - 4];
    at = place + directory.length;
  }
  return Buffer.concat(parts);
}

function hostileFiles(good) {
  const files = {
    'empty.tif': Buffer.alloc(0),
    'one byte.tif': Buffer.from([0x49]),
    'words.tif': Buffer.from('these are no pixels\n'.repeat(50)),
    'page.tif': Buffer.from('<!doctype html><script>alert(1)</script>'),
    'zeros.tif': Buffer.alloc(5000),
    'bomb.tif': tiff(16, 16, { claim: [200000, 200000] }),
    'wrong size.tif': tiff(16, 16, { claim: [60000, 60000] }),
    'no height.tif': tiff(16, 16, { claim: [16, 0] }),
    'endless.tif': (() => {
      const file = tiff(16, 16);
      file.writeUInt32LE(file.readUInt32LE(4), file.length - 4); // the next directory is this one
      return file;
    })(),
    'cut.png': Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
    'bomb.png': Buffer.from('89504e470d0a1a0a0000000d494844527fffffff7fffffff0800000000', 'hex'),
    'cut.jpg': Buffer.from('ffd8ffe000104a464946', 'hex'),
    'cut.bmp': Buffer.from('424d0000000000000000', 'hex'),
    '<img src=x onerror=alert(1)>.tif': Buffer.from('no picture'),
    ']]>"\'&amp;.tif': Buffer.from('no picture'),
    '\u202egpj.\u202c rtl.tif': Buffer.from('no picture'),
    '\u{1F600} \u65e5\u672c.tif': Buffer.from('no picture'),
  };
  for (const length of [4, 8, 100, 3000, good.length >> 1, good.length - 1]) files[`cut at ${length}.tif`] = good.subarray(0, length);
  return Object.entries(files).map(([name, bytes]) => ({ path: `batch/${name}`, base64: bytes.toString('base64') }));
}

const open = (page, files) => page.evaluate(`micrographia.open(${JSON.stringify(files)}).then(() => null)`);

// --- Batches ------------------------------------------------------------------------------------------------------------

async function batches(t, browser, url, label) {
  const { check, expect, state, settled, zipOfAll, zipNames, zipContent } = t;
  await check(`${label}: among hostile files the good ones come out, the bad ones say why`, async () => {
    const page = await t.opened(browser, url);
    const good = ['S10K.TIF', '10K405.TIF', 'S20K.TIF'];
    const bytes = Object.fromEntries(good.map((name) => [name, readFileSync(t.samplePath(name))]));
    const bad = hostileFiles(bytes['S10K.TIF']);
    const files = good.map((name) => ({ path: `batch/${name}`, base64: bytes[name].toString('base64') }));
    await open(page, [...bad.slice(0, 8), files[0], ...bad.slice(8, 14), files[1], ...bad.slice(14), files[2]]);
    const now = await settled(page);
    expect(now.files.length === bad.length + good.length, `${now.files.length} rows for ${bad.length + good.length} files`);
    for (const file of now.files) {
      if (good.includes(file.name)) expect(file.state === 'done', `${file.name}: ${file.state} ${file.words}`);
      else {
        expect(['failed', 'attention'].includes(file.state), `${file.name}: ${file.state} ${file.words}`);
        expect(file.words.length > 10 && !/broke off/.test(file.words), `${file.name}: "${file.words}"`);
      }
    }
    expect(now.restarts === 0, `${now.restarts} workers died`);
    const zip = await zipOfAll(page);
    const names = zipNames(zip);
    for (const name of good) {
      const entry = names.find((e) => e.name === `batch/${name.replace(/\.TIF$/, '.png')}`);
      expect(entry, `${name} is not in the ZIP`);
      expect(zipContent(zip, entry).equals(t.annotatedByCli(name, 'batch')), `${name} has other bytes than from the command line`);
    }
    const log = zipContent(zip, names.find((e) => e.name === 'log.txt')).toString();
    for (const file of now.files.filter((f) => f.state === 'failed'))
      expect(log.includes(`${file.path}: ${file.words}`), `the log does not say why ${file.name} failed`);
    await page.screenshot(path.join(t.shots, `${label}-hostile-1280.png`));
    writeFileSync(path.join(t.shots, `${label}-hostile.txt`), now.files.map((f) => `${f.state}\t${f.name}\t${f.words}\n`).join(''));
    expect(page.errors.length === 0, page.errors.join('; '));
    await page.close();
    return `${bad.length} bad, ${good.length} good`;
  });

  if (page_can_drop(browser) && existsSync(path.join(t.shared, 'hard'))) {
    await check(`${label}: good files come out of a batch with every hard file`, async () => {
      const page = await t.opened(browser, url);
      await page.drop([path.join(t.shared, 'hard'), path.join(t.sampleDir, 'AB01_FH_250410')]);
      const now = await t.until(page, 'all files', (s) => s.files.length > 20 && s.idle && s.files.every((f) => !['waiting', 'working'].includes(f.state)), 100);
      const zip = await zipOfAll(page);
      const names = zipNames(zip);
      for (const name of ['S10K.TIF', '10K405.TIF', 'S20K.TIF']) {
        const entry = names.find((e) => e.name === t.inFolder(name).replace(/\.TIF$/, '.png'));
        expect(entry && zipContent(zip, entry).equals(t.annotatedByCli(name)), `${name} did not come out as alone`);
      }
      for (const file of now.files.filter((f) => f.state === 'failed'))
        expect(file.words.length > 10 && !/broke off/.test(file.words), `${file.path}: "${file.words}"`);
      await page.close();
      return `${now.files.length} files, ${now.files.filter((f) => f.state === 'failed').length} refused in words`;
    });
  }
}
const page_can_drop = (browser) => browser.name === 'Chromium';

// --- Workers that die ---------------------------------------------------------------------------------------------------

async function deaths(t, browser, url, label) {
  const { check, expect, state, settled, base64 } = t;
  const buffer = async (page, text) => Buffer.from(await page.evaluate(`(async () => { ${base64} ${text} })()`), 'base64');
  for (const [workspace, call] of [['annotate', 'exportAll'], ['overlay', 'exportSet'], ['materials', 'exportSet']]) {
    await check(`${label}: ${workspace}: killed workers, while reading and while saving, change no byte of the ZIP`, async () => {
      const page = await t.opened(browser, url);
      await t.api(page, `command("workspace", { name: "${workspace}" })`);
      await t.api(page, 'command("open_samples")');
      await settled(page);
      const wanted = await buffer(page, `return base64(await micrographia.${call}());`);
      const files = await state(page);
      await t.api(page, 'command("remove_all")');
      await page.evaluate('micrographia.command("open_samples").then(() => null)');
      await t.until(page, 'the files again', (s) => s.files.length === files.files.length && !s.idle, 20).catch(() => {});
      await t.api(page, 'test("kill", 0)');
      await settled(page);
      const count = files.workers;
      const found = await buffer(page, `
        const saving = micrographia.${call}();
        await new Promise((done) => setTimeout(done, 60));
        micrographia.test("kill", ${workspace === 'annotate' ? 0 : count - 1});
        return base64(await saving);`);
      const now = await settled(page);
      expect(now.restarts === 2, `${now.restarts} workers were replaced, not 2`);
      expect(found.equals(wanted), `${found.length} bytes instead of ${wanted.length}, or others`);
      expect(now.files.every((f, i) => f.state === files.files[i].state), `states: ${now.files.map((f) => f.state)}`);
      await page.close();
      return `${wanted.length} bytes`;
    });
  }
}

// --- Many files ---------------------------------------------------------------------------------------------------------

async function many(t, browser, url, label) {
  const { check, expect, state } = t;
  await check(`${label}: the page's memory does not grow with the bytes of its files`, async () => {
    const page = await t.opened(browser, url);
    const one = tiff(640, 480).toString('base64');
    const add = (from, to) => page.evaluate(`(async () => {
      const one = Uint8Array.from(atob('${one}'), (c) => c.charCodeAt(0));
      const files = [];
      for (let i = ${from}; i < ${to}; i++) {
        const bytes = one.slice();
        for (let k = 0; k < 64; k++) bytes[8 + k] = (i * (k + 1)) & 255;
        files.push(new File([bytes], 'image' + i + '.tif'));
      }
      await micrographia.open(files);
    })()`);
    await add(0, 100);
    const first = (await state(page)).heap_bytes;
    await add(100, 400);
    const now = await state(page);
    expect(now.files.length === 400 && now.files.every((f) => f.state !== 'failed'), 'not all came in');
    const growth = (now.heap_bytes - first) / 2 ** 20, bytes = (300 * 640 * 480) / 2 ** 20;
    expect(growth < 32, `${growth} MB more for 300 files of ${bytes} MB`);
    await page.evaluate('micrographia.command("save_all").then(() => micrographia.idle())');
    const saved = await state(page);
    expect(saved.toasts.some((x) => x.startsWith('400 pictures saved')), `toasts: ${saved.toasts}`);
    expect((saved.heap_bytes - now.heap_bytes) / 2 ** 20 < 16, `saving took ${(saved.heap_bytes - now.heap_bytes) / 2 ** 20} MB`);
    expect(saved.kept_files === 400, `the script keeps ${saved.kept_files} files`);
    await page.close();
    return `${Math.round(first / 2 ** 20)} MB with 100, ${Math.round(now.heap_bytes / 2 ** 20)} MB with 400, ${Math.round(saved.heap_bytes / 2 ** 20)} MB after saving`;
  });
}

// --- Pages --------------------------------------------------------------------------------------------------------------

async function pages(t, browser, url, label) {
  const { check, expect, state, settled, until } = t;
  await check(`${label}: pages of a file are chosen, opened, undone`, async () => {
    const page = await t.opened(browser, url);
    await open(page, [{ path: 'S/stack.tif', base64: tiff(300, 200, { pages: 4 }).toString('base64') }]);
    await t.api(page, 'click("pages/next")');
    await until(page, 'page 2', (s) => s.files[0].name === 'stack.p2.tif' && s.idle && /page 2 of 4/.test(s.files[0].format));
    await page.screenshot(path.join(t.shots, `${label}-pages-1280.png`));
    await t.api(page, 'command("undo")');
    await until(page, 'page 1', (s) => s.files[0].name === 'stack.tif' && s.idle);
    await t.api(page, 'click("Open every page")');
    const all = await until(page, 'four images', (s) => s.files.length === 4 && s.idle);
    expect(all.files.map((f) => f.name).join() === 'stack.tif,stack.p2.tif,stack.p3.tif,stack.p4.tif', `${all.files.map((f) => f.name)}`);
    expect(all.kept_files === 1, `${all.kept_files} copies`);
    const names = t.zipNames(await t.zipOfAll(page)).map((e) => e.name);
    expect(names.includes('S/stack.p3.png'), `${names}`);
    await page.screenshot(path.join(t.shots, `${label}-pages-all-1280.png`));
    await t.api(page, 'command("workspace", { name: "overlay" })');
    const overlay = (await settled(page)).overlay;
    expect(overlay.series.length === 1 && overlay.series[0].members.length === 4, JSON.stringify(overlay.series));
    await page.close();
  });
}

// --- Nothing from a file becomes HTML -----------------------------------------------------------------------------------

async function text(t, browser, url, label) {
  const { check, expect, state, settled } = t;
  await check(`${label}: names, metadata and recipes with markup stay text`, async () => {
    const page = await t.opened(browser, url);
    const evil = `<img src=x onerror="window.broken=1">]]>'"&lt;`; // no slash, which would be a folder
    await page.evaluate(`void (window.added = [], new MutationObserver((all) => all.forEach((m) => m.addedNodes.forEach((n) => n.nodeType === 1 && window.added.push(n.nodeName))))
      .observe(document, { childList: true, subtree: true }))`);
    await open(page, [
      { path: `${evil}/${evil}.tif`, base64: tiff(64, 48, { description: `ImageJ=1.5\nunit=nm\n${evil}=${evil}\n` }).toString('base64') },
      { path: `${evil}.txt`, base64: Buffer.from(`micrographia recipe 1\n${evil}\n`).toString('base64') },
      { path: `lonely ${evil}.txt`, base64: Buffer.from(evil).toString('base64') },
      { path: `bad ${evil}.tif`, base64: Buffer.from(evil).toString('base64') },
    ]);
    await page.evaluate(`micrographia.run('micrographia recipe 1\\ndatabar credit=' + ${JSON.stringify(JSON.stringify(evil))} + '\\n').catch(() => null)`);
    await page.evaluate(`micrographia.run({ 'databar.credit': ${JSON.stringify(evil)} }).then(() => null)`);
    await t.api(page, 'command("view", { sheet: "metadata" })');
    await t.sleep(700);
    await page.screenshot(path.join(t.shots, `${label}-markup-1280.png`));
    await t.api(page, 'command("view", { sheet: "none" })');
    await t.sleep(700);
    const found = await page.evaluate(`({ broken: window.broken || 0, added: [...new Set(window.added)], title: document.title,
      labels: [...document.querySelectorAll('#mirror [aria-label]')].map((e) => e.getAttribute('aria-label')).filter((l) => l.includes('<img')).length,
      strange: document.querySelectorAll('img, iframe, object, embed, #mirror script, #mirror a, #mirror svg').length })`);
    expect(found.broken === 0 && found.strange === 0, JSON.stringify(found));
    expect(found.added.every((name) => ['LI', 'SPAN'].includes(name)), `elements made: ${found.added}`);
    expect(found.labels > 0, 'the list for screen readers does not name the file');
    const now = await state(page);
    expect(now.files.some((f) => f.name.includes('<img')) && now.toasts.some((x) => x.includes('<')), `toasts: ${now.toasts}`);
    await page.close();
  });
}

export async function noMarkup(t) {
  await t.check('the scripts never make HTML or code of text', async () => {
    for (const name of readdirSync(path.join(t.root, 'web')).filter((n) => n.endsWith('.js'))) {
      const source = readFileSync(path.join(t.root, 'web', name), 'utf8');
      const found = source.match(/\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|srcdoc|eval\s*\(|new Function)/);
      t.expect(!found, `${name} uses ${found}`);
    }
  });
}

// --- The session --------------------------------------------------------------------------------------------------------

async function session(t, browser, url, label) {
  const { check, expect, state, settled, until } = t;
  await check(`${label}: a closed tab's session comes back with the same bytes`, async () => {
    const page = await t.opened(browser, url);
    const file = (name) => ({ path: t.inFolder(name), base64: readFileSync(t.samplePath(name)).toString('base64') });
    await open(page, ['S20K.TIF', 'S10K.TIF', '10K405.TIF'].map(file));
    await t.api(page, 'command("view", { sheet: "about" })');
    await t.sleep(300);
    await page.screenshot(path.join(t.shots, `${label}-remember-1280.png`));
    await t.api(page, 'click("about/remember")');
    await t.api(page, 'command("view", { sheet: "none" })');
    await page.evaluate('micrographia.run({ "despike.threshold_sigma": 6, "databar.credit": "XY 99" }).then(() => null)');
    await t.api(page, 'command("set", { step: "sharpen", key: "amount", value: "0.7", file: "S10K.TIF" })').catch(() => {});
    await t.api(page, 'command("set", { step: "correct", key: "pixel_size_x_nm", value: "12.5", file: "S10K.TIF" })');
    await t.api(page, 'command("select", { file: "S10K.TIF" })');
    const before = await settled(page);
    const png = await t.exported(page, 'S10K.TIF');
    await page.goto('about:blank');
    await page.goto(url);
    await page.evaluate('micrographia.ready');
    let now = await until(page, 'the offer', (s) => s.last_session === 3 && s.items.some((i) => i.id === 'session/go_on'));
    expect(now.recipe !== before.recipe, 'the recipe is there before the user said so');
    await page.screenshot(path.join(t.shots, `${label}-last-session-1280.png`));
    await t.api(page, 'click("Go on")');
    now = await until(page, 'the recipe', (s) => s.recipe === before.recipe && s.missing === 3);
    await t.sleep(200);
    await page.screenshot(path.join(t.shots, `${label}-going-on-1280.png`));
    await open(page, ['10K405.TIF', 'S10K.TIF', 'S20K.TIF'].map(file));
    now = await settled(page);
    expect(now.files.map((f) => f.name).join() === before.files.map((f) => f.name).join(), `order: ${now.files.map((f) => f.name)}`);
    expect(now.selected === 'S10K.TIF', `selected: ${now.selected}`);
    expect(now.recipe === before.recipe, 'the recipe differs');
    expect((await t.exported(page, 'S10K.TIF')).equals(png), 'the picture has other bytes');
    await t.api(page, 'command("view", { remember: false })');
    const left = await page.evaluate('Object.keys(localStorage).filter((k) => /session|remember/.test(k))');
    expect(left.length === 0, `still kept: ${left}`);
    await page.goto('about:blank');
    await page.goto(url);
    await page.evaluate('micrographia.ready');
    expect((await state(page)).last_session === 0, 'it is remembered after all');
    await page.close();
  });
  await check(`${label}: rubbish in the browser's storage, or no room in it, harms nothing`, async () => {
    const page = await t.opened(browser, url);
    await page.evaluate(`void (localStorage.setItem('micrographia.remember', 'on'), localStorage.setItem('micrographia.session', '{"micrographia_session":1,"files":[{"path":7}],'))`);
    await page.goto('about:blank');
    await page.goto(url);
    await page.evaluate('micrographia.ready');
    const now = await until(page, 'words', (s) => s.toasts.some((x) => x.includes('last session')));
    expect(!now.stopped && now.last_session === 0, 'the page did not start well');
    await page.evaluate(`void (Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); })`);
    await open(page, [{ path: 'a.tif', base64: tiff(64, 48).toString('base64') }]);
    await until(page, 'words', (s) => s.toasts.some((x) => x.includes('keep the session')));
    await page.evaluate('void localStorage.clear()');
    await page.close();
  });
}

// --- Lost graphics ------------------------------------------------------------------------------------------------------

async function graphics(t, browser, url, label) {
  const { check, expect, state, settled } = t;
  await check(`${label}: lost graphics come back, pixel by pixel, in every workspace`, async () => {
    const page = await t.opened(browser, url);
    for (const workspace of ['annotate', 'overlay', 'materials']) {
      await t.api(page, 'command("remove_all")');
      await t.api(page, `command("workspace", { name: "${workspace}" })`);
      await t.api(page, 'command("open_samples")');
      await settled(page);
      await t.api(page, 'command("view", { fit: true })');
      await t.until(page, 'toasts gone', (s) => s.toasts.length === 0);
      await t.sleep(600);
      const before = path.join(t.shots, `${label}-${workspace}-before-loss.png`), after = before.replace('before', 'after');
      await page.screenshot(before);
      await t.api(page, 'test("sleep", 1.2)'); // a worker is busy meanwhile
      await page.evaluate(`(async () => {
        const gl = document.getElementById('canvas').getContext('webgl2').getExtension('WEBGL_lose_context');
        gl.loseContext();
        await new Promise((done) => setTimeout(done, 400));
        window.told = !document.getElementById('message').hidden;
        gl.restoreContext();
        await new Promise((done) => setTimeout(done, 400));
      })()`);
      expect(await page.evaluate('window.told && document.getElementById("message").hidden'), 'the loss is not told, or told too long');
      await settled(page);
      await t.sleep(1500);
      await page.screenshot(after);
      expect(readFileSync(before).equals(readFileSync(after)), `${workspace}: the page looks different after (${path.basename(after)})`);
    }
    expect(page.errors.length === 0, page.errors.join('; '));
    await page.close();
  });
}

// --- A listening proxy --------------------------------------------------------------------------------------------------

// Logs every request that a browser sends through it, and serves the page itself.
export async function startProxy(html) {
  const seen = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    const isPage = request.url === 'http://page.invalid/micrographia.html';
    response.writeHead(isPage ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' });
    response.end(isPage ? html : '');
  });
  server.on('connect', (request, socket) => {
    seen.push(`CONNECT ${request.url}`);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { seen, port: server.address().port, close: () => server.close() };
}

export async function proxyPass(t, name, openBrowser, html, file) {
  const proxy = await startProxy(html);
  const browser = await openBrowser(proxy.port);
  try {
    for (const [kind, url] of [['http', 'http://page.invalid/micrographia.html'], ['file', file]]) {
      await t.check(`${name}: a whole session through a listening proxy, from ${kind}`, async () => {
        await t.sleep(1500); // what a browser does at its start
        proxy.seen.length = 0;
        const page = await t.opened(browser, url);
        for (const workspace of ['annotate', 'overlay', 'materials']) {
          await t.api(page, 'command("remove_all")');
          await t.api(page, `command("workspace", { name: "${workspace}" })`);
          await t.api(page, 'command("open_samples")');
          await t.settled(page);
          const size = await page.evaluate(`micrographia.${workspace === 'annotate' ? 'exportAll' : 'exportSet'}().then((zip) => zip.length)`);
          t.expect(size > 10000, `${workspace}: ${size} bytes`);
        }
        await t.api(page, 'command("save_all")');
        await t.settled(page);
        // Nothing may go out even when a script wants to.
        await page.evaluate(`fetch('http://stranger.invalid/').catch(() => null).then(() => null)`);
        await page.close();
        const strangers = proxy.seen.filter((r) => !t.browsersOwn(r));
        const wanted = kind === 'http' ? 'GET http://page.invalid/micrographia.html' : '';
        t.expect(strangers.join('; ') === wanted, `requests: ${strangers.join('; ') || 'none'}`);
        const own = proxy.seen.length - strangers.length;
        return `${strangers.length} requests${own ? `, and ${own} of the browser itself` : ''}`;
      });
    }
    await t.check(`${name}: the proxy would have seen a request`, async () => {
      const page = await browser.newPage({ width: 400, height: 300 });
      await page.goto('http://stranger.invalid/').catch(() => {});
      await page.close();
      t.expect(proxy.seen.some((r) => r.includes('stranger.invalid')), 'it saw nothing: the browser goes past it');
    });
  } finally {
    await browser.close().catch(() => {});
    proxy.close();
  }
}

export async function robustPass(t, browser, url, label) {
  await batches(t, browser, url, label);
  await deaths(t, browser, url, label);
  await many(t, browser, url, label);
  await pages(t, browser, url, label);
  await text(t, browser, url, label);
  await session(t, browser, url, label);
  await graphics(t, browser, url, label);
}
export const shortRobustPass = async (t, browser, url, label) => {
  await pages(t, browser, url, label);
  await session(t, browser, url, label);
  await graphics(t, browser, url, label);
};
