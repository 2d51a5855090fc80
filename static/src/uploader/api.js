// Talks to the site's upload addresses (media/views.py) and to the store's signed ones. Errors carry a sentence for people.

export const FEW = 5
const FIRST_PAUSE_MS = 1000
const LONGEST_PAUSE_MS = 30_000
const ANSWER_WITHIN_MS = 60_000
const STALLED_AFTER_MS = 90_000
const LINE_OR_PROXY = new Set([429, 502, 503, 504])

// `tries`: how often the same thing may be tried. What a lost line or a restarted server causes passes, however long it takes.
export class UploadError extends Error {
  constructor(sentence, { code = '', tries = 1 } = {}) {
    super(sentence)
    this.code = code
    this.tries = tries
  }
}

export class Api {
  constructor(base, texts) {
    this.base = base
    this.texts = texts
  }

  async call(method, path, { body, signal } = {}) {
    let response
    let said
    try {
      response = await fetch(this.base + path, {
        method,
        signal: within(ANSWER_WITHIN_MS, signal),
        headers: { 'Content-Type': 'application/json', 'X-CSRFToken': csrfToken(), Accept: 'application/json' },
        body: method === 'GET' ? undefined : JSON.stringify(body ?? {}),
      })
      said = await read(response)
    } catch (error) {
      if (signal?.aborted) throw error
      throw new UploadError(this.texts.offline, { tries: Infinity })
    }
    if (response.ok) return said
    const passes = LINE_OR_PROXY.has(response.status)
    const tries = passes ? Infinity : response.status >= 500 ? FEW : 1
    throw new UploadError(said.detail || (tries > 1 ? this.texts.offline : this.texts.signedOut), { code: said.code, tries })
  }

  // The store answers a spoilt or expired signature without CORS headers, which a browser cannot tell from a broken line: so sign anew.
  put(url, blob, { md5, signal, onProgress }) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest()
      let watch
      const stop = () => request.abort()
      const end = (settle, value) => {
        clearTimeout(watch)
        signal.removeEventListener('abort', stop)
        settle(value)
      }
      const fail = (tries) => end(reject, new UploadError(this.texts.store, { tries }))
      const alive = () => {
        clearTimeout(watch)
        watch = setTimeout(() => {
          fail(Infinity)
          request.abort()
        }, STALLED_AFTER_MS)
      }
      request.open('PUT', url)
      request.setRequestHeader('Content-MD5', md5)
      request.upload.onprogress = (event) => {
        alive()
        onProgress(event.loaded)
      }
      request.onload = () => (request.status >= 200 && request.status < 300 ? end(resolve) : fail(FEW))
      request.onerror = () => fail(Infinity)
      request.onabort = () => end(reject, new DOMException('', 'AbortError'))
      signal.addEventListener('abort', stop)
      alive()
      request.send(blob)
    })
  }
}

// `attempt` is given its number; `waiting` is called before each pause, which ends early when the browser says that the line is back.
export async function persistently(attempt, signal, waiting = () => {}) {
  let failures = 0
  for (let number = 1; ; number++) {
    try {
      return await attempt(number)
    } catch (error) {
      if (signal.aborted || !(error instanceof UploadError)) throw error
      if (error.tries !== Infinity && (failures += 1) >= error.tries) throw error
      waiting()
      const long = navigator.onLine === false ? LONGEST_PAUSE_MS : FIRST_PAUSE_MS * 2 ** (number - 1)
      await pause(Math.min(long, LONGEST_PAUSE_MS), signal)
    }
  }
}

export function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const end = (settle, value) => {
      clearTimeout(timer)
      window.removeEventListener('online', goOn)
      signal?.removeEventListener('abort', stop)
      settle(value)
    }
    const goOn = () => end(resolve)
    const stop = () => end(reject, signal.reason)
    const timer = setTimeout(goOn, milliseconds)
    window.addEventListener('online', goOn)
    signal?.addEventListener('abort', stop)
    if (signal?.aborted) stop()
  })
}

function within(milliseconds, signal) {
  if (!signal) return AbortSignal.timeout(milliseconds)
  return AbortSignal.any ? AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]) : signal
}

// An answer that is no JSON is one of a proxy, or of Django's own pages; one that breaks off is the line's.
async function read(response) {
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

// Signing in again, in another tab, gives another token: the cookie has it at once, this page's forms learn it here.
function csrfToken() {
  const fields = [...document.querySelectorAll('[name=csrfmiddlewaretoken]')]
  const cookie = document.cookie.split('; ').find((pair) => pair.startsWith('csrftoken='))?.split('=')[1]
  if (cookie) for (const field of fields) field.value = cookie
  return cookie ?? fields[0]?.value ?? ''
}
