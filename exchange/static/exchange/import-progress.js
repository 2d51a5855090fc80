// Asks how far the import is, and shows the page anew when the worker has done its part. Without it, the page says it when reloaded.
const FIRST_PAUSE_MS = 700
const LONGEST_PAUSE_MS = 5000

const section = document.querySelector('[data-import-progress]')
const bar = section.querySelector('progress')
const text = section.querySelector('[data-text]')

async function follow() {
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 1.2, LONGEST_PAUSE_MS)) {
    await new Promise((resolve) => setTimeout(resolve, wait))
    try {
      const response = await fetch(section.dataset.importProgress, { headers: { Accept: 'application/json' } })
      if (response.status >= 500) continue
      const progress = response.ok ? await response.json() : { busy: false }
      if (!progress.busy) return window.location.reload()
      if (progress.done !== null) {
        bar.max = progress.total
        bar.value = progress.done
      }
      text.textContent = progress.text
    } catch {
      // a broken line: ask again later
    }
  }
}

follow()
