/** The style sheet of the HTML report. Colours come in two sets, by the reader's preference; charts read them from here. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #fff; --ink: #1b1f24; --soft: #5c6670; --line: #dfe3e8; --faint: #eef1f4;
  --good: #12805c; --bad: #c4314b; --warn: #9a6700; --good-back: #e3f5ee; --bad-back: #fce8ec; --warn-back: #fdf3d8;
  --notified: #3b6fd4; --theory: #8b95a1; --succeeded: #1a9a6c; --in_progress: #3f9fd8; --queued: #a9c7ea; --failed: #d0405a;
  --rejected: #9b51c9; --timed_out: #e08a1e; --canceled: #9c7b5a; --removed: #77808a; --not_notified: #cdd3da;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161b; --card: #1a2027; --ink: #e6eaee; --soft: #97a3af; --line: #2c343d; --faint: #232a32;
    --good: #4cc79a; --bad: #f27d90; --warn: #e6b450; --good-back: #12342a; --bad-back: #3d1c24; --warn-back: #38301a;
    --notified: #7aa5f5; --theory: #7e8995; --succeeded: #3dbd8d; --in_progress: #58b4e8; --queued: #3d5f86; --failed: #ec6a80;
    --rejected: #bb86e0; --timed_out: #f0a648; --canceled: #b39575; --removed: #8d97a1; --not_notified: #3a444f;
  }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif }
main { max-width: 1120px; margin: 0 auto; padding: 32px 20px 64px }
h1 { font-size: 28px; line-height: 1.2; margin: 0; letter-spacing: -0.01em }
h2 { font-size: 18px; margin: 0 0 14px }
h3 { font-size: 15px; margin: 18px 0 6px }
p { margin: 4px 0 }
.soft { color: var(--soft) }
section, .banner { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 20px 22px; margin-top: 18px }
header { display: flex; gap: 16px; align-items: flex-start; justify-content: space-between; flex-wrap: wrap }
.verdict { font-weight: 650; font-size: 17px; padding: 7px 16px; border-radius: 999px; white-space: nowrap }
.good { color: var(--good) } .bad { color: var(--bad) } .warn { color: var(--warn) }
.verdict.good { background: var(--good-back) } .verdict.bad { background: var(--bad-back) } .verdict.warn { background: var(--warn-back) }
.banner.bad { background: var(--bad-back); border-color: transparent } .banner.warn { background: var(--warn-back); border-color: transparent }
.banner p:first-child { font-weight: 600 }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 14px; margin-top: 22px }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 18px }
.tile b { display: block; font-size: 25px; line-height: 1.25; font-weight: 650; letter-spacing: -0.02em; font-variant-numeric: tabular-nums }
.tile span { color: var(--soft); font-size: 13px }
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { text-align: right; padding: 6px 10px; border-top: 1px solid var(--faint); white-space: nowrap }
thead th { color: var(--soft); font-weight: 500; font-size: 13px; border-top: 0 }
th.left, td.left { text-align: left } td.wrap { white-space: normal; min-width: 180px } td.wide { width: 99% }
tr > :first-child { padding-left: 0 } tr > :last-child { padding-right: 0 }
code { font: 13px/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; overflow-wrap: anywhere }
pre { background: var(--faint); border-radius: 8px; padding: 12px 14px; margin: 8px 0; overflow-x: auto }
.head + .facts { margin-top: 8px } .facts { display: grid; grid-template-columns: max-content 1fr; gap: 4px 18px; margin: 0 } .facts dt { color: var(--soft) } .facts dd { margin: 0 }
.stack { display: flex; height: 26px; border-radius: 6px; overflow: hidden; background: var(--faint) }
.stack i { display: block; min-width: 2px }
.stack-row { display: grid; grid-template-columns: minmax(90px, max-content) 1fr max-content; gap: 14px; align-items: center; margin: 8px 0 }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 12px 0; font-size: 13px; color: var(--soft) }
.legend i { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin-right: 6px; vertical-align: -1px }
.head { display: flex; flex-wrap: wrap; gap: 4px 14px; align-items: baseline; justify-content: space-between } .head h2 { margin: 0 }
.chart { margin-top: 12px; min-height: 60px } .chart .u-legend { text-align: left; font-size: 13px; padding-top: 6px; color: var(--soft) }
.chart .u-legend th, .chart .u-legend td { border: 0; padding: 2px 4px; text-align: left } .chart .u-legend .u-marker { border-radius: 3px }
.chart .u-legend .u-value { width: auto; min-width: 44px; color: var(--ink) } .u-select { background: color-mix(in srgb, var(--notified) 15%, transparent) }
footer { color: var(--soft); font-size: 13px; margin-top: 24px }
@media print { body { background: #fff } section, .tile { break-inside: avoid } }
`
