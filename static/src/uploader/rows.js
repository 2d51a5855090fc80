// A file in the form: which one it is and what became of it. The site is asked until the check has ended and the preview is made.
import { pause } from './api.js'

const FIRST_PAUSE_MS = 700
const LONGEST_PAUSE_MS = 10000
const FINAL = new Set(['verified', 'rejected', 'abandoned', 'lost'])

export function setUpFiles(row) {
  if (row.dataset.state) follow(row)
}

function isUnsettled(row) {
  return !FINAL.has(row.dataset.state) || 'beingPrepared' in row.dataset
}

export function fill(row, file) {
  row.querySelector('input').value = file.object_id
  show(row, file)
  follow(row)
}

function show(row, file) {
  const set = (part, text) => {
    row.querySelector(`[data-part=${part}]`).textContent = text
  }
  row.dataset.state = file.state
  set('name', file.filename)
  set('size', file.size_label)
  set('type', file.type_label)
  set('state', file.state_label)
  set('message', file.message)
  set('preparation', file.preparation)
  row.toggleAttribute('data-being-prepared', file.is_being_prepared)
  if (file.thumbnail_url) row.dataset.thumbnail = file.thumbnail_url
  row.dispatchEvent(new Event('stored-object:shown', { bubbles: true }))
}

async function follow(row) {
  for (let wait = FIRST_PAUSE_MS; isUnsettled(row); wait = Math.min(wait * 1.5, LONGEST_PAUSE_MS)) {
    await pause(wait)
    const id = row.querySelector('input').value
    if (!id || !row.isConnected) return
    try {
      const response = await fetch(`${row.dataset.url}objects/${id}/`, { headers: { Accept: 'application/json' } })
      if (response.ok) show(row, await response.json())
      else if (response.status < 500) return
    } catch {
      // a broken line: ask again later
    }
  }
}
