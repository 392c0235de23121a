import { execFileSync } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'

// node docs/take-picture.mjs runs/<run>/report.html docs/report.png: the picture in the README, with the Chromium on the PATH.

const WIDTH = 1200
const HEIGHT = 1350

const [report, picture] = process.argv.slice(2)
if (!report || !picture) {
  console.error('node docs/take-picture.mjs <report.html> <picture.png>')
  process.exit(2)
}
const executablePath = execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim()
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
try {
  const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT }, colorScheme: 'light' })
  await page.goto(pathToFileURL(report).href)
  await page.screenshot({ path: picture })
} finally {
  await browser.close()
}
