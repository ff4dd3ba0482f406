// The three engines behind one small interface: open, evaluate, mouse, keys, screenshot, requests.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const isRoot = process.getuid && process.getuid() === 0;
const found = (names) => names.find((name) => existsSync(name));

export const chromiumPath = () => found(['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']);
export const firefoxPath = () => found(['/usr/bin/firefox-esr', '/usr/bin/firefox']);
export const webkitPaths = () => {
  const driver = found(['/usr/bin/WebKitWebDriver']);
  const libs = existsSync('/usr/lib') ? readdirSync('/usr/lib').filter((d) => d.includes('linux-gnu')) : [];
  const browser = found(libs.map((lib) => `/usr/lib/${lib}/webkit2gtk-4.1/MiniBrowser`));
  return driver && browser ? { driver, browser } : null;
};

// Requests that browsers make for themselves whatever page they show: updates, certificates, whether there is a network.
export const isBrowsersOwn = (request) =>
  /(mozilla\.(com|org|net)|firefox\.com|google(apis)?\.com|gstatic\.com|gvt1\.com|digicert\.com|lencr\.org)(:\d+|\/|$)/.test(request);

const proxied = (port) => ({
  'network.proxy.type': 1,
  'network.proxy.http': '127.0.0.1',
  'network.proxy.http_port': port,
  'network.proxy.ssl': '127.0.0.1',
  'network.proxy.ssl_port': port,
  'network.proxy.no_proxies_on': '',
  'network.proxy.allow_hijacking_localhost': true,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'app.normandy.enabled': false,
  'browser.safebrowsing.update.enabled': false,
  'toolkit.telemetry.server': '',
});

// A display for the browsers that draw WebGL only on one; ends with this process.
export async function startDisplay() {
  if (!existsSync('/usr/bin/Xvfb')) return null;
  const server = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '2700x1700x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const number = await new Promise((done, failed) => {
    server.stdout.once('data', (text) => done(String(text).trim()));
    server.once('exit', () => failed(new Error('Xvfb did not start')));
  });
  return { display: `:${number}`, close: () => server.kill() };
}

// `proxyPort`: all requests, those to this computer too, go through a proxy there.
export async function openChromium(proxyPort = 0) {
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--disable-quic', '--no-first-run', ...(proxyPort ? [`--proxy-server=http://127.0.0.1:${proxyPort}`, '--proxy-bypass-list=<-loopback>'] : []), ...(isRoot ? ['--no-sandbox'] : [])],
  });
  return {
    name: 'Chromium',
    async newPage(size) {
      const page = await browser.newPage({ viewport: size });
      const requests = [], errors = [];
      page.on('request', (request) => requests.push(request.url()));
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      const cdp = await page.context().newCDPSession(page);
      return {
        requests,
        errors,
        goto: (url) => page.goto(url),
        evaluate: (text) => page.evaluate(text),
        screenshot: (file) => page.screenshot({ path: file }),
        resize: (to) => page.setViewportSize(to),
        move: (x, y) => page.mouse.move(x, y),
        down: () => page.mouse.down(),
        up: () => page.mouse.up(),
        wheel: (dy) => page.mouse.wheel(0, dy),
        press: (key) => page.keyboard.press(key),
        type: (text) => page.keyboard.type(text),
        // A drop of real files and folders, as from the desktop.
        async drop(files) {
          const data = { items: [], files, dragOperationsMask: 1 };
          for (const type of ['dragEnter', 'dragOver', 'drop']) await cdp.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
        },
        close: () => page.close(),
      };
    },
    close: () => browser.close(),
  };
}

export async function openFirefox(display, proxyPort = 0) {
  const { default: puppeteer } = await import('puppeteer-core');
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: firefoxPath(),
    headless: false,
    env: { ...process.env, DISPLAY: display, HOME: mkdtempSync(path.join(tmpdir(), 'firefox-')) },
    extraPrefsFirefox: { 'webgl.force-enabled': true, 'browser.shell.checkDefaultBrowser': false, ...(proxyPort ? proxied(proxyPort) : {}) },
  });
  return {
    name: 'Firefox',
    async newPage(size) {
      const page = await browser.newPage();
      await page.setViewport(size);
      const requests = [], errors = [];
      page.on('request', (request) => requests.push(request.url()));
      page.on('pageerror', (error) => errors.push(String(error)));
      return {
        requests,
        errors,
        goto: (url) => page.goto(url, { waitUntil: 'load' }),
        evaluate: (text) => page.evaluate(text),
        screenshot: (file) => page.screenshot({ path: file }),
        resize: (to) => page.setViewport(to),
        move: (x, y) => page.mouse.move(x, y),
        down: () => page.mouse.down(),
        up: () => page.mouse.up(),
        wheel: (dy) => page.mouse.wheel({ deltaY: dy }),
        async press(chord) {
          const keys = chord.split('+');
          for (const key of keys) await page.keyboard.down(key);
          for (const key of keys.reverse()) await page.keyboard.up(key);
        },
        type: (text) => page.keyboard.type(text),
        close: () => page.close(),
      };
    },
    close: () => browser.close(),
  };
}

const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

// WebKitGTK's own browser through its WebDriver, in plain HTTP.
export async function openWebKit(display) {
  const { driver, browser } = webkitPaths();
  const port = await freePort();
  const home = mkdtempSync(path.join(tmpdir(), 'webkit-'));
  const env = { ...process.env, DISPLAY: display, HOME: home, WEBKIT_DISABLE_COMPOSITING_MODE: '' };
  if (isRoot) env.WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS = '1';
  const child = spawn(driver, [`--port=${port}`], { env, stdio: 'ignore' });
  async function call(method, where, body) {
    const response = await fetch(`http://127.0.0.1:${port}${where}`, { method, body: body && JSON.stringify(body) });
    const { value } = await response.json();
    if (value && value.error) throw new Error(`${value.error}: ${value.message}`);
    return value;
  }
  for (let attempt = 0; ; attempt++) {
    try {
      await call('GET', '/status');
      break;
    } catch (error) {
      if (attempt > 50) throw error;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
  const capabilities = { alwaysMatch: { browserName: 'MiniBrowser', 'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] } } };
  const { sessionId } = await call('POST', '/session', { capabilities });
  const session = `/session/${sessionId}`;
  await call('POST', `${session}/timeouts`, { script: 60000, pageLoad: 60000 });
  const page = {
    requests: [],
    errors: [],
    goto: (url) => call('POST', `${session}/url`, { url }),
    async evaluate(text) {
      const script = `const done = arguments[arguments.length - 1];
        Promise.resolve().then(() => (${text})).then((value) => done({ value }), (error) => done({ failed: String(error) }));`;
      const answer = await call('POST', `${session}/execute/async`, { script, args: [] });
      if (answer.failed) throw new Error(answer.failed);
      return answer.value;
    },
    // WebKit takes the picture with the next frame, and an idle page draws none: something must move meanwhile.
    async screenshot(file) {
      await page.evaluate(`void (window.moving = setInterval(() => {
        document.body.style.paddingTop = Math.random() + 'px';
        micrographia.command('view');
      }, 30))`);
      writeFileSync(file, Buffer.from(await call('GET', `${session}/screenshot`), 'base64'));
      await page.evaluate('clearInterval(window.moving)');
    },
    resize: ({ width, height }) => call('POST', `${session}/window/rect`, { width, height }),
    close: () => {},
  };
  return {
    name: 'WebKit',
    async newPage(size) {
      await page.resize(size);
      return page;
    },
    async close() {
      await call('DELETE', session).catch(() => {});
      child.kill();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
