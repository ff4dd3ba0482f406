// The page in real browsers: Chromium and Firefox from file:// and from http, WebKit in a shorter pass.
//   MG_PAGE         the page (dist/micrographia.html)
//   MG_CLI          the command line, whose PNGs the page's must equal byte for byte
//   MG_SHARED_DATA  a folder of real files, with vendor-sem/ and hard/ (../shared/data, when it exists)
//   MG_BROWSERS     which ones: "chromium,firefox,webkit"
//   MG_PASSES       which parts: "full,overlay,materials,short,hard,robust,proxy"
// Screenshots go to build/test-logs/screenshots. The last line is "N passed, N failed".
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as browsers from './browsers.mjs';
import { noMarkup, proxyPass, robustPass, shortRobustPass } from './robust.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const pageFile = path.resolve(process.env.MG_PAGE || path.join(root, 'dist/micrographia.html'));
const cli = process.env.MG_CLI && path.resolve(process.env.MG_CLI);
const shared = process.env.MG_SHARED_DATA || path.join(root, '../shared/data');
const shots = path.join(root, 'build/test-logs/screenshots');
const wanted = (process.env.MG_BROWSERS || 'chromium,firefox,webkit').split(',');
const parts = (process.env.MG_PASSES || 'full,overlay,materials,short,hard,robust,proxy').split(',');
const scratch = mkdtempSync(path.join(tmpdir(), 'micrographia-'));
mkdirSync(shots, { recursive: true });

const SMALL = { width: 1280, height: 720 };
const LARGE = { width: 2560, height: 1440 };

let passed = 0, failed = 0;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

async function check(name, test) {
  const start = Date.now();
  let late;
  try {
    const limit = new Promise((_, stop) => (late = setTimeout(() => stop(new Error('took longer than 120 s')), 120000)));
    const remark = await Promise.race([test(), limit]);
    passed++;
    console.log(`ok      ${name} (${Date.now() - start} ms)${remark ? ': ' + remark : ''}`);
  } catch (error) {
    failed++;
    console.log(`FAILED  ${name}: ${error.message.split('\n    at ')[0]}`);
  } finally {
    clearTimeout(late);
  }
}

function expect(condition, words) {
  if (!condition) throw new Error(words);
}

// --- What the tests open ----------------------------------------------------------------------------------------------

const sampleDir = path.join(scratch, 'samples');
const samplePath = (name) => path.join(sampleDir, 'AB01_FH_250410', name);
const inFolder = (name) => `AB01_FH_250410/${name}`;

function makeFiles() {
  if (!cli) return;
  execFileSync(cli, ['sample', sampleDir]);
  const whole = readFileSync(samplePath('S10K.TIF'));
  writeFileSync(path.join(sampleDir, 'AB01_FH_250410', 'broken.tif'), whole.subarray(0, 3000));
  writeFileSync(path.join(sampleDir, 'AB01_FH_250410', '.DS_Store'), 'rubbish');
  writeFileSync(path.join(sampleDir, 'AB01_FH_250410', 'words.tif'), 'these are no pixels');
}

// `folder`: the file's, which may tell sample and author.
const annotated = new Map();
function annotatedByCli(name, folder = 'AB01_FH_250410') {
  const key = `${folder}/${name}`;
  if (!annotated.has(key)) {
    const out = mkdtempSync(path.join(scratch, 'out-')), from = path.join(sampleDir, folder);
    mkdirSync(from, { recursive: true });
    if (!existsSync(path.join(from, name))) copyFileSync(samplePath(name), path.join(from, name));
    execFileSync(cli, ['annotate', path.join(from, name), '-o', out], { stdio: ['ignore', 'ignore', 'pipe'] });
    annotated.set(key, readFileSync(path.join(out, name.replace(/\.\w+$/, '.png'))));
  }
  return annotated.get(key);
}

// --- Helpers within a page --------------------------------------------------------------------------------------------

const state = (page) => page.evaluate('micrographia.state()');
const api = (page, text) => page.evaluate(`micrographia.${text}.then((value) => value === undefined ? null : value)`);
const base64 = 'const base64 = (bytes) => { let text = ""; for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768)); return btoa(text); };';
const exported = async (page, name) =>
  Buffer.from(await page.evaluate(`(async () => { ${base64} return base64(await micrographia.export(${JSON.stringify(name)})); })()`), 'base64');
const zipOfAll = async (page) =>
  Buffer.from(await page.evaluate(`(async () => { ${base64} return base64(await micrographia.exportAll()); })()`), 'base64');

async function until(page, words, test, seconds = 20) {
  for (const end = Date.now() + seconds * 1000; ;) {
    const now = await state(page);
    if (test(now)) return now;
    if (Date.now() > end) throw new Error(`${words}: not within ${seconds} s`);
    await sleep(50);
  }
}

// Once for all: idle, and what was asked for is on the screen.
async function settled(page) {
  await api(page, 'idle()');
  await sleep(100);
  return state(page);
}

async function item(page, name) {
  const now = await until(page, `an item "${name}"`, (s) => s.items.some((i) => i.id === name || i.label === name));
  return now.items.find((i) => i.id === name) || now.items.find((i) => i.label === name);
}

// A drop made by a script: files from memory, as from another page.
const scriptedDrop = (page, files) =>
  page.evaluate(`(() => {
    const transfer = new DataTransfer();
    for (const f of ${JSON.stringify(files)})
      transfer.items.add(new File([Uint8Array.from(atob(f.base64), (c) => c.charCodeAt(0))], f.name));
    document.getElementById('canvas').dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  })()`);

function zipNames(zip) {
  const names = [];
  let at = zip.readUInt32LE(zip.length - 6);
  for (let count = zip.readUInt16LE(zip.length - 12); count > 0; count--) {
    const length = zip.readUInt16LE(at + 28);
    names.push({ name: zip.toString('utf8', at + 46, at + 46 + length), size: zip.readUInt32LE(at + 24), offset: zip.readUInt32LE(at + 42) });
    at += 46 + length;
  }
  return names;
}
const zipContent = (zip, entry) => zip.subarray(entry.offset + 30 + Buffer.byteLength(entry.name), entry.offset + 30 + Buffer.byteLength(entry.name) + entry.size);

function nothingLeft(page, url) {
  const others = page.requests.filter((r) => r !== url && !/^(blob|data|about):/.test(r));
  expect(others.length === 0, `requests: ${others.join(', ')}`);
}

// --- The passes ---------------------------------------------------------------------------------------------------------

async function opened(browser, url, size = SMALL) {
  const page = await browser.newPage(size);
  await page.goto(url);
  await page.evaluate('micrographia.ready');
  return page;
}

async function fullPass(browser, url, label) {
  const shot = async (page, name) => page.screenshot(path.join(shots, `${label}-${name}.png`));
  let page;
  await check(`${label}: the page becomes usable`, async () => {
    page = await opened(browser, url);
    const now = await until(page, 'a first frame', (s) => s.frames > 0);
    expect(now.files.length === 0 && !now.stopped, 'the page is not in its first state');
    expect(now.items.some((i) => i.label.includes('sample')), 'no sample data are offered');
    await sleep(300);
    await shot(page, 'empty-1280');
    return `usable after ${Math.round(now.opened_to_usable_ms)} ms`;
  });
  if (!page) return;

  await check(`${label}: the sample data open at a click`, async () => {
    await api(page, 'click("Try sample data")');
    await until(page, 'seven files', (s) => s.files.length === 7 && s.idle && s.files.every((f) => f.state === 'done'), 60);
    const now = await settled(page);
    expect(now.files[0].width === 712, `the first picture is ${now.files[0].width} px wide`);
    expect(now.files.some((f) => /405 nm/.test(f.words)), 'no wavelength is shown');
    await shot(page, 'samples-1280');
  });

  await check(`${label}: an idle page draws no frames`, async () => {
    await sleep(6500); // toasts go
    const before = (await state(page)).frames;
    await sleep(1000);
    const after = (await state(page)).frames;
    expect(after === before, `${after - before} frames in a second`);
  });

  if (page.drop && cli) {
    await check(`${label}: a dropped folder opens with its paths, and a broken file is told in words`, async () => {
      await api(page, 'command("remove_all")');
      await page.drop([path.join(sampleDir, 'AB01_FH_250410')]);
      const now = await until(page, 'nine files', (s) => s.files.length === 9 && s.idle, 60);
      expect(now.files.every((f) => f.path.startsWith('AB01_FH_250410/')), `paths: ${now.files.map((f) => f.path)}`);
      for (const name of ['broken.tif', 'words.tif']) {
        const file = now.files.find((f) => f.name === name);
        expect(file.state === 'failed' && file.words.length > 10, `${name}: ${file.state}, "${file.words}"`);
      }
      expect(now.files.filter((f) => f.state === 'done').length === 7, 'not all others are done');
      await shot(page, 'broken-1280');
    });
  } else if (cli) {
    await check(`${label}: dropped files open, and a broken one is told in words`, async () => {
      await api(page, 'command("remove_all")');
      const names = ['S10K.TIF', '10K405.TIF', 'broken.tif'];
      await scriptedDrop(page, names.map((name) => ({ name, base64: readFileSync(samplePath(name)).toString('base64') })));
      const now = await until(page, 'three files', (s) => s.files.length === 3 && s.idle, 60);
      expect(now.files[2].state === 'failed' && now.files[2].words.length > 10, `broken.tif: ${now.files[2].words}`);
      await shot(page, 'broken-1280');
      await api(page, 'command("remove_all")');
      await page.evaluate(`micrographia.open(${JSON.stringify(['S10K.TIF', '10K405.TIF', 'S20K.TIF', 'broken.tif'].map((name) => ({ path: inFolder(name), base64: readFileSync(samplePath(name)).toString('base64') })))}).then(() => null)`);
    });
  }

  let png = null;
  if (cli) {
    for (const name of ['S10K.TIF', '10K405.TIF', 'S20K.TIF']) {
      await check(`${label}: the PNG of ${name} equals the command line's`, async () => {
        const mine = await exported(page, name);
        const theirs = annotatedByCli(name);
        if (name === 'S10K.TIF') png = mine;
        if (!mine.equals(theirs)) {
          writeFileSync(path.join(shots, `${label}-${name}.page.png`), mine);
          writeFileSync(path.join(shots, `${label}-${name}.cli.png`), theirs);
        }
        expect(mine.equals(theirs), `${mine.length} bytes, the command line's has ${theirs.length}`);
      });
    }
  }

  await check(`${label}: the ZIP holds every picture, the recipe and what failed`, async () => {
    const zip = await zipOfAll(page);
    const names = zipNames(zip);
    const now = await state(page);
    const good = now.files.filter((f) => f.state !== 'failed').length;
    expect(names.filter((n) => n.name.endsWith('.png')).length === good, `${names.map((n) => n.name)}`);
    const log = zipContent(zip, names.find((n) => n.name === 'log.txt')).toString();
    expect(log.includes('despike'), 'no settings in the log');
    if (cli) expect(/broken\.tif: .{10}/.test(log), `the log does not say why broken.tif failed:\n${log}`);
    if (png) {
      const inside = zipContent(zip, names.find((n) => n.name.endsWith('S10K.png')));
      expect(inside.equals(png), 'the PNG in the ZIP differs from the one saved alone');
    }
  });

  await check(`${label}: Ctrl+Z takes a change back, Ctrl+Shift+Z or Ctrl+Y brings it again`, async () => {
    const before = (await state(page)).recipe;
    await page.evaluate('micrographia.run({ "despike.threshold_sigma": 6 }).then(() => null)');
    const changed = (await settled(page)).recipe;
    expect(changed !== before, 'run() changed nothing');
    await page.press('Control+z');
    await until(page, 'the old recipe', (s) => s.recipe === before);
    await page.press('Control+Shift+Z');
    await until(page, 'the new recipe', (s) => s.recipe === changed);
    await page.press('Control+z');
    await until(page, 'the old recipe again', (s) => s.recipe === before);
  });

  await check(`${label}: a dragged slider shows its result while it moves, and is one step of undo`, async () => {
    await api(page, `command("select", { file: "${cli ? 'S20K.TIF' : '10K405.TIF'}" })`);
    const before = (await settled(page)).recipe;
    const slider = await item(page, 'despike/threshold_sigma');
    const y = slider.y + slider.height / 2;
    const x = (part) => slider.x + slider.width * part;
    const waits = [];
    await page.move(x(0.2), y);
    await page.down();
    for (let i = 0; i <= 20; i++) {
      await page.move(x(0.2 + (0.5 * i) / 20), y);
      await sleep(40);
      waits.push((await state(page)).last_ms);
    }
    await page.up();
    const after = await settled(page);
    expect(after.recipe !== before, 'the slider changed nothing');
    await page.press('Control+z');
    await until(page, 'the recipe before the drag', (s) => s.recipe === before);
    const file = after.files.find((f) => f.name === after.selected);
    const median = waits.sort((a, b) => a - b)[waits.length >> 1];
    return `change to picture ${Math.round(median)} ms (median), ${Math.round(waits[waits.length - 1])} ms (longest); worker ${Math.round(file.milliseconds)} ms for ${file.width} x ${file.height}`;
  });

  await check(`${label}: keys turn the view`, async () => {
    await page.press('b');
    await until(page, 'before/after', (s) => s.view.compare !== 'result');
    await page.press('b');
    await until(page, 'the result again', (s) => s.view.compare === 'result');
    await page.press('1');
    await until(page, '1:1', (s) => !s.view.fit && s.view.zoom === 1);
    await page.press('0');
    await until(page, 'fit', (s) => s.view.fit);
    await page.press('Tab');
    await until(page, 'panels folded', (s) => !s.view.panels);
    await page.press('Tab');
    await until(page, 'panels there', (s) => s.view.panels);
    const picture = await item(page, 'canvas/picture');
    await page.move(picture.x + picture.width / 2, picture.y + picture.height / 2);
    await page.wheel(-300);
    await until(page, 'zoomed by the wheel', (s) => !s.view.fit);
    await page.press('0');
  });

  if (png) {
    await check(`${label}: a dropped PNG brings its recipe back`, async () => {
      await page.evaluate('micrographia.run({ "despike": "off", "databar.credit": "XY 99" }).then(() => null)');
      await scriptedDrop(page, [{ name: 'S10K.png', base64: png.toString('base64') }]);
      const now = await until(page, 'the recipe of the PNG', (s) => !/despike off/.test(s.recipe) && !/XY 99/.test(s.recipe));
      expect(now.toasts.some((t) => t.includes('S10K.png')), `toasts: ${now.toasts}`);
      expect(now.selected === 'S10K.TIF', `selected: ${now.selected}`);
      expect((await exported(page, 'S10K.TIF')).equals(png), 'the same recipe gives other bytes');
    });
  }

  await check(`${label}: a worker that dies is replaced, the rest unharmed`, async () => {
    const before = await settled(page);
    await api(page, 'test("crash")');
    await until(page, 'a replaced worker', (s) => s.restarts > before.restarts && s.idle);
    const name = before.files[0].name;
    expect((await exported(page, name)).length > 1000, 'no picture after the crash');
    const now = await settled(page);
    expect(JSON.stringify(now.files.map((f) => f.state)) === JSON.stringify(before.files.map((f) => f.state)), 'states changed');
  });

  await check(`${label}: Cancel stops a worker that is busy`, async () => {
    const before = await settled(page);
    await api(page, 'test("sleep", 30)');
    await sleep(700);
    await api(page, 'command("cancel")');
    await until(page, 'idle', (s) => s.idle && s.restarts === before.restarts + 1, 5);
  });

  await check(`${label}: the list for screen readers works the controls`, async () => {
    await sleep(500);
    const roles = await page.evaluate('[...document.querySelectorAll("#mirror [role]")].map((e) => e.getAttribute("role"))');
    for (const role of ['button', 'switch', 'slider']) expect(roles.includes(role), `no ${role} among ${roles.length} items`);
    const before = (await state(page)).recipe;
    await page.evaluate(`[...document.querySelectorAll('#mirror [role=switch]')].find((e) => /despike/i.test(e.getAttribute('aria-label'))).click()`);
    await until(page, 'despike switched', (s) => s.recipe !== before);
    await page.press('Control+z');
    await until(page, 'switched back', (s) => s.recipe === before);
  });

  await check(`${label}: a screenshot of each state`, async () => {
    for (const [size, name] of [[SMALL, '1280'], [LARGE, '2560']]) {
      await page.resize(size);
      await settled(page);
      await sleep(400);
      await shot(page, `result-${name}`);
      for (const values of [{ compare: 'swipe' }, { compare: 'result', sheet: 'palette' }, { sheet: 'keys' }, { sheet: 'metadata' }, { sheet: 'about' }]) {
        await api(page, `command("view", ${JSON.stringify(values)})`);
        await sleep(250);
        await shot(page, `${values.sheet || values.compare}-${name}`);
      }
      await api(page, 'command("view", { sheet: "none", theme: "light" })');
      await sleep(250);
      await shot(page, `light-${name}`);
      await api(page, 'command("view", { theme: "dark" })');
    }
    await api(page, 'command("remove_all")');
    await sleep(300);
    await shot(page, 'empty-2560');
  });

  await check(`${label}: not one request leaves, nothing went wrong in the page`, async () => {
    nothingLeft(page, url);
    const errors = page.errors.filter((e) => !/Aborted|unreachable|RuntimeError/.test(e)); // the crash of the test itself
    expect(errors.length === 0, errors.join('; '));
    expect(!(await state(page)).stopped, 'the page has stopped');
  });
  await page.close();
}

async function shortPass(browser, url, label) {
  let page;
  await check(`${label}: opens, takes files, exports`, async () => {
    page = await opened(browser, url);
    if (cli) {
      const files = ['S10K.TIF', 'S20K.TIF', 'broken.tif'].map((name) => ({ path: inFolder(name), base64: readFileSync(samplePath(name)).toString('base64') }));
      await page.evaluate(`micrographia.open(${JSON.stringify(files)}).then(() => null)`);
    } else {
      await api(page, 'click("Try sample data")');
    }
    const now = await until(page, 'the files', (s) => s.files.length >= 3 && s.idle, 60);
    if (cli) expect(now.files[2].state === 'failed' && now.files[2].words.length > 10, `broken.tif: ${now.files[2].words}`);
    await sleep(500);
    await page.screenshot(path.join(shots, `${label}-short.png`));
    return `usable after ${Math.round(now.opened_to_usable_ms)} ms`;
  });
  if (!page) return;
  if (cli) {
    await check(`${label}: the PNG equals the command line's`, async () => {
      for (const name of ['S10K.TIF', 'S20K.TIF']) expect((await exported(page, name)).equals(annotatedByCli(name)), `${name} differs`);
    });
  }
  await check(`${label}: a click switches a step`, async () => {
    const before = (await state(page)).recipe;
    await api(page, 'click("despike/on")');
    await until(page, 'another recipe', (s) => s.recipe !== before);
  });
  await check(`${label}: not one request leaves`, async () => nothingLeft(page, url));
  await page.close();
}

// The sample stack in the Overlay workspace: aligned within half a pixel of the truth, live, saved with the command
// line's bytes.
async function overlayPass(browser, url, label) {
  const shot = async (page, name) => page.screenshot(path.join(shots, `${label}-overlay-${name}.png`));
  let page;
  await check(`${label}: overlay of the sample stack, aligned and composed`, async () => {
    page = await opened(browser, url);
    await api(page, 'click("Overlay")');
    await shot(page, 'empty-1280');
    await api(page, 'click("Try sample data")');
    const now = await until(page, 'the composite', (s) => s.idle && s.overlay && s.overlay.channels.length >= 6 && s.overlay.databar, 60);
    expect(!now.overlay.failure, now.overlay.failure);
    const placed = now.overlay.channels.filter((c) => c.trust);
    expect(placed.length === 6, `${placed.length} of 6 images have a place`);
    for (const channel of placed) {
      expect(channel.trust === 'reference' || channel.trust === 'accepted', `${channel.label}: ${channel.words}`);
      expect(channel.error_px !== undefined && channel.error_px < 0.5, `${channel.label}: ${channel.error_px} px from the truth`);
    }
    expect(now.items.some((i) => i.id === 'drift/error'), 'the error against the truth is not shown');
    await sleep(300);
    await shot(page, 'composite-1280');
    const worst = Math.max(...placed.map((c) => c.error_px));
    return `largest error ${worst.toFixed(3)} px, placed in ${Math.round(now.overlay.milliseconds)} ms`;
  });
  if (!page) return;
  await check(`${label}: a gain is followed within a frame or two, without asking the worker to place anew`, async () => {
    const before = (await state(page)).overlay.milliseconds;
    await api(page, 'command("set", { step: "channel", key: "gain", value: "2.5", file: "10K445.TIF" })');
    const now = await state(page);
    expect(now.overlay.channels.find((c) => c.file === '10K445.TIF').gain === 2.5, 'the gain is not taken');
    await settled(page);
    expect((await state(page)).overlay.milliseconds === before, 'the images were placed anew');
    await api(page, 'command("undo")');
    await settled(page);
  });
  await check(`${label}: every view of the overlay`, async () => {
    for (const [size, name] of [[SMALL, '1280'], [LARGE, '2560']]) {
      await page.resize(size);
      for (const show of ['composite', 'saturated', 'channel', 'flicker', 'swipe', 'difference', 'checkerboard', 'table']) {
        await api(page, `command("view", { show: "${show}" })`);
        await sleep(300);
        await shot(page, `${show}-${name}`);
      }
      await api(page, 'command("view", { show: "composite", vision: "deutan" })');
      await sleep(200);
      await shot(page, `deutan-${name}`);
      await api(page, 'command("view", { vision: "normal", unfold: "joint", brush: [0.5, 1, 0.5, 1] })');
      await sleep(300);
      await shot(page, `brush-${name}`);
      await api(page, 'command("view", { brush: [0, 0, 0, 0], placing: true })');
      await settled(page);
      await sleep(200);
      await shot(page, `points-${name}`);
      await api(page, 'command("view", { placing: false })');
    }
    await page.resize(SMALL);
  });
  await check(`${label}: cancel takes effect within 100 ms`, async () => {
    await api(page, 'command("set", { step: "align", key: "motion", value: "affine" })');
    await sleep(20);
    const took = await page.evaluate('(async () => { const start = performance.now(); await micrographia.command("cancel"); await micrographia.idle(); return performance.now() - start; })()');
    expect(took < 100, `${took} ms`);
    await api(page, 'command("undo")');
    await api(page, 'command("align_again")');
    await until(page, 'the composite again', (s) => s.idle && !s.overlay.failure && s.overlay.channels.length >= 6, 60);
    return `${took.toFixed(1)} ms`;
  });
  if (cli) {
    await check(`${label}: the ZIP holds the command line's pictures, byte for byte`, async () => {
      const zip = Buffer.from(await page.evaluate(`(async () => { ${base64} return base64(await micrographia.exportSet()); })()`), 'base64');
      const out = mkdtempSync(path.join(scratch, 'overlay-'));
      const folder = mkdtempSync(path.join(scratch, 'stack-'));
      execFileSync(cli, ['sample', folder]);
      execFileSync(cli, ['overlay', path.join(folder, 'AB01_FH_250410'), '-o', out], { stdio: ['ignore', 'ignore', 'pipe'] });
      const theirs = readdirSync(out, { recursive: true }).filter((name) => String(name).endsWith('.png'));
      expect(theirs.length >= 8, `the command line wrote ${theirs}`);
      const entries = zipNames(zip);
      for (const name of theirs) {
        const entry = entries.find((e) => path.basename(e.name) === path.basename(name));
        expect(entry, `${name} is not in the ZIP: ${entries.map((e) => e.name)}`);
        expect(zipContent(zip, entry).equals(readFileSync(path.join(out, name))), `${name} differs`);
      }
      return `${theirs.length} pictures`;
    });
  }
  await check(`${label}: nothing leaves and nothing went wrong in the overlay`, async () => {
    nothingLeft(page, url);
    expect(page.errors.length === 0, page.errors.join('; '));
  });
  await page.close();
}

// The sample maps: materials, live colours, the brush, a gate, and the command line's bytes.
async function materialsPass(browser, url, label) {
  const shot = (page, name) => page.screenshot(path.join(shots, `${label}-materials-${name}.png`));
  const ready = (s) => s.idle && s.materials && s.materials.list.length > 1 && s.materials.databar_rows > 0;
  let page;
  await check(`${label}: element maps become materials and the SE image gets their colours`, async () => {
    page = await opened(browser, url);
    await api(page, 'click("Materials")');
    await shot(page, 'empty-1280');
    await api(page, 'click("Try sample data")');
    const now = await until(page, 'the materials', ready, 60);
    expect(!now.materials.failure, now.materials.failure);
    expect(now.materials.list.length === now.materials.proposed, `${now.materials.list.length} materials, ${now.materials.proposed} proposed`);
    expect(now.materials.laid, 'the maps have no place over the SE image');
    expect(now.materials.facts.length === 10, `${now.materials.facts.length} of 10 files are known`);
    const share = now.materials.list.reduce((sum, m) => sum + m.share, 0);
    expect(Math.abs(share - 1) < 1e-6, `shares add up to ${share}`);
    await sleep(300);
    await shot(page, 'tinted-1280');
    return `${now.materials.list.map((m) => m.name).join(', ')} in ${Math.round(now.materials.milliseconds)} ms`;
  });
  if (!page) return;
  await check(`${label}: a colour, a name and the strength are followed without finding the materials anew`, async () => {
    const before = (await state(page)).materials;
    const took = [];
    for (const command of [
      'command("colour_material", { material: 0, colour: "#ff0000" })', 'command("name_material", { material: 0, to: "First, by hand" })',
      'command("set", { step: "tint", key: "strength", value: "0.6" })']) {
      const ms = await page.evaluate(`(async () => { const start = performance.now(); await micrographia.${command}; await micrographia.idle(); return performance.now() - start; })()`);
      took.push(Math.round(ms));
    }
    const now = (await state(page)).materials;
    expect(now.list[0].name === 'First, by hand', `it is called ${now.list[0].name}`);
    expect(now.list[0].colour[0] === 1 && now.list[0].colour[1] === 0, `its colour is ${now.list[0].colour}`);
    expect(now.list[0].share === before.list[0].share && now.milliseconds === before.milliseconds, 'the materials were found anew');
    await shot(page, 'recoloured-1280');
    for (let i = 0; i < 3; i++) await api(page, 'command("undo")');
    await settled(page);
    return `${took} ms`;
  });
  await check(`${label}: brushed pixels go to their material`, async () => {
    await api(page, 'command("view", { brushing: true, material: 1, brush_radius: 6 })');
    await sleep(200);
    const picture = (await state(page)).items.find((i) => i.id === 'canvas/picture');
    const x = picture.x + picture.width / 2, y = picture.y + picture.height / 3;
    const before = (await state(page)).materials;
    await page.move(x, y);
    await page.down();
    for (let i = 1; i <= 6; i++) await page.move(x + 10 * i, y + 5 * i).then(() => sleep(30));
    await page.up();
    await until(page, 'the materials', ready, 60);
    const now = await state(page);
    expect(/brush=/.test(now.recipe), `the recipe says nothing of the stroke: ${now.recipe}`);
    expect(now.materials.list.some((m, i) => m.share !== before.list[i].share), 'no pixel went to another material');
    await shot(page, 'brush-1280');
    await api(page, 'command("undo")');
    await settled(page);
    expect(!/brush=/.test((await state(page)).recipe), 'one undo did not take the stroke back');
    await api(page, 'command("view", { brushing: false, material: -1 })');
  });
  await check(`${label}: every view of the materials`, async () => {
    for (const [size, name] of [[SMALL, '1280'], [LARGE, '2560']]) {
      await page.resize(size);
      for (const show of ['tinted', 'electron', 'materials', 'element', 'certainty']) {
        await api(page, `command("view", { show: "${show}" })`);
        await sleep(300);
        await shot(page, `${show}-${name}`);
      }
      await api(page, 'command("view", { show: "tinted", compare: "swipe", swipe: 0.4 })');
      await sleep(200);
      await shot(page, `swipe-${name}`);
      await api(page, 'command("view", { compare: "result", material: 2, plot: "ternary" })');
      await sleep(200);
      await shot(page, `selected-${name}`);
      await api(page, 'command("view", { material: -1, plot: "scatter" })');
    }
    await page.resize(SMALL);
  });
  if (cli) {
    await check(`${label}: the ZIP holds the command line's files of the materials, byte for byte`, async () => {
      const zip = Buffer.from(await page.evaluate(`(async () => { ${base64} return base64(await micrographia.exportSet()); })()`), 'base64');
      const out = mkdtempSync(path.join(scratch, 'materials-')), folder = mkdtempSync(path.join(scratch, 'maps-'));
      execFileSync(cli, ['sample', folder, 'materials']);
      execFileSync(cli, ['materials', folder, '-o', out], { stdio: ['ignore', 'ignore', 'pipe'] });
      const theirs = readdirSync(out, { recursive: true }).map(String).filter((name) => /\.(png|tif|csv)$/.test(name));
      expect(theirs.length === 4, `the command line wrote ${theirs}`);
      const entries = zipNames(zip);
      for (const name of theirs) {
        const entry = entries.find((e) => path.basename(e.name) === path.basename(name));
        expect(entry, `${name} is not in the ZIP: ${entries.map((e) => e.name)}`);
        expect(zipContent(zip, entry).equals(readFileSync(path.join(out, name))), `${name} differs`);
      }
      return theirs.join(', ');
    });
  }
  await check(`${label}: nothing leaves and nothing went wrong in the materials`, async () => {
    nothingLeft(page, url);
    expect(page.errors.length === 0, page.errors.join('; '));
  });
  await page.close();
}

// Every hard and every vendor's file at once: all is told in words, nothing hangs.
async function hardPass(browser, url) {
  for (const folder of ['hard', 'vendor-sem']) {
    if (!existsSync(path.join(shared, folder))) continue;
    await check(`Chromium: every file of ${folder}/ is opened or refused in words, none takes 10 s`, async () => {
      const page = await opened(browser, url);
      await page.drop([path.join(shared, folder)]);
      const since = new Map();
      let slowest = 0;
      const now = await until(page, 'all files', (s) => {
        for (const file of s.files) {
          if (file.state !== 'working') since.delete(file.id);
          else if (!since.has(file.id)) since.set(file.id, Date.now());
          else slowest = Math.max(slowest, Date.now() - since.get(file.id));
        }
        return s.files.length > 0 && s.idle && s.files.every((f) => f.state !== 'waiting' && f.state !== 'working');
      }, 110);
      const bad = now.files.filter((f) => f.state === 'failed');
      for (const file of bad) expect(file.words.length > 10 && !/broke off/.test(file.words), `${file.path}: "${file.words}"`);
      expect(slowest < 10000, `one file took ${slowest} ms`);
      expect(now.restarts === 0, `${now.restarts} workers died`);
      await page.screenshot(path.join(shots, `chromium-${folder}.png`));
      writeFileSync(path.join(shots, `chromium-${folder}.txt`), now.files.map((f) => `${f.state}\t${f.path}\t${f.format}\t${f.words}\n`).join(''));
      await page.close();
      return `${now.files.length} files, ${bad.length} refused, slowest ${slowest} ms`;
    });
  }
}

// --- Main ---------------------------------------------------------------------------------------------------------------

async function main() {
  if (!existsSync(pageFile)) throw new Error(`${pageFile} does not exist: build the page first`);
  makeFiles();
  const html = readFileSync(pageFile);
  const strangers = [];
  const server = createServer((request, response) => {
    if (request.url !== '/micrographia.html') strangers.push(request.url);
    response.writeHead(request.url === '/micrographia.html' ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' });
    response.end(request.url === '/micrographia.html' ? html : '');
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const http = `http://127.0.0.1:${server.address().port}/micrographia.html`;
  const file = pathToFileURL(pageFile).href;

  const display = await browsers.startDisplay().catch(() => null);
  async function withBrowser(name, available, open, passes) {
    if (!wanted.includes(name)) return;
    if (!available) return console.log(`skipped ${name}: not installed`);
    let browser = null;
    await check(`${name} starts`, async () => (browser = await open()) && '');
    if (!browser) return;
    try {
      await passes(browser);
    } finally {
      await browser.close().catch(() => {});
    }
  }
  const run = (part, pass) => async (browser, ...rest) => parts.includes(part) && pass(browser, ...rest);
  const full = run('full', fullPass), short = run('short', shortPass), overlay = run('overlay', overlayPass), materials = run('materials', materialsPass), hard = run('hard', hardPass);
  const t = { check, expect, until, state, api, settled, exported, zipOfAll, zipNames, zipContent, opened, sleep, samplePath,
    inFolder, annotatedByCli, sampleDir, shots, shared, root, base64, browsersOwn: browsers.isBrowsersOwn };
  const robust = run('robust', (...rest) => robustPass(t, ...rest)), shortRobust = run('robust', (...rest) => shortRobustPass(t, ...rest));
  await withBrowser('chromium', browsers.chromiumPath(), browsers.openChromium, async (browser) => {
    await full(browser, file, 'chromium-file');
    await overlay(browser, file, 'chromium-file');
    await materials(browser, file, 'chromium-file');
    await short(browser, http, 'chromium-http');
    await overlay(browser, http, 'chromium-http');
    await materials(browser, http, 'chromium-http');
    await hard(browser, file);
    if (cli) await robust(browser, file, 'chromium-file');
  });
  await withBrowser('firefox', browsers.firefoxPath() && display, () => browsers.openFirefox(display.display), async (browser) => {
    await full(browser, file, 'firefox-file');
    await overlay(browser, file, 'firefox-file');
    await materials(browser, file, 'firefox-file');
    await short(browser, http, 'firefox-http');
    if (cli) await shortRobust(browser, http, 'firefox-http');
  });
  await withBrowser('webkit', browsers.webkitPaths() && display, () => browsers.openWebKit(display.display), async (browser) => {
    await short(browser, file, 'webkit-file');
  });
  if (parts.includes('proxy')) {
    if (wanted.includes('chromium') && browsers.chromiumPath()) await proxyPass(t, 'Chromium', (port) => browsers.openChromium(port), html, file);
    if (wanted.includes('firefox') && browsers.firefoxPath() && display)
      await proxyPass(t, 'Firefox', (port) => browsers.openFirefox(display.display, port), html, file);
  }
  await noMarkup(t);
  await check('the server was asked for the page alone', async () => expect(strangers.length === 0, strangers.join(', ')));
  if (display) display.close();
  server.close();
}

await main().catch((error) => {
  failed++;
  console.log(`FAILED  ${error.stack}`);
});
rmSync(scratch, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);
