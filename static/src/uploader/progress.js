// How far a file is, how fast it goes, and how long it will take, in words of the page's language.
const SMOOTHED_OVER_MS = 10_000
const SAMPLE_MS = 500
const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte']

// Bytes a second, smoothed: browsers report in bursts.
export class Speed {
  constructor() {
    this.stop()
  }

  stop() {
    this.rate = 0
    this.last = null
  }

  at(bytes, now = performance.now()) {
    if (!this.last) this.last = { bytes, now }
    const passed = now - this.last.now
    if (passed < SAMPLE_MS) return this.rate
    const momentary = (Math.max(0, bytes - this.last.bytes) / passed) * 1000
    const weight = this.rate ? 1 - Math.exp(-passed / SMOOTHED_OVER_MS) : 1
    this.rate += weight * (momentary - this.rate)
    this.last = { bytes, now }
    return this.rate
  }
}

export function described(bytes, size, rate, text) {
  const share = asShare(bytes / size)
  if (rate < 1) return share
  return filled(text, { share, rate: asRate(rate), time: asTime((size - bytes) / rate) })
}

export function filled(text, values) {
  return text.replace(/%\((\w+)\)s/g, (_whole, name) => values[name])
}

export function asShare(share) {
  return format(Math.floor(share * 100) / 100, { style: 'percent' })
}

function asRate(bytes) {
  const step = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1)
  const digits = step > 1 ? 1 : 0
  return format(bytes / 1024 ** step, { ...unit(`${UNITS[step]}-per-second`, 'short'), maximumFractionDigits: digits })
}

function asTime(seconds) {
  if (seconds < 60) return format(Math.max(1, Math.ceil(seconds)), unit('second', 'long'))
  if (seconds < 90 * 60) return format(Math.round(seconds / 60), unit('minute', 'long'))
  return format(Math.round(seconds / 1800) / 2, unit('hour', 'long'))
}

function unit(name, unitDisplay) {
  return { style: 'unit', unit: name, unitDisplay }
}

function format(number, options) {
  return new Intl.NumberFormat(document.documentElement.lang || 'en', options).format(number)
}
