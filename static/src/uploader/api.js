// Calls to this site's upload addresses (media/views.py) and to the store's signed ones. Errors carry a sentence for people.

const TRIES = 5
const FIRST_PAUSE_MS = 1000

export class UploadError extends Error {
  constructor(sentence, { code = '', mayPass = false } = {}) {
    super(sentence)
    this.code = code
    this.mayPass = mayPass
  }
}

export class Api {
  constructor(base, texts) {
    this.base = base
    this.texts = texts
  }

  async call(method, path, { body, signal } = {}) {
    const token = document.querySelector('[name=csrfmiddlewaretoken]')?.value ?? ''
    let response
    try {
      response = await fetch(this.base + path, {
        method,
        signal,
        headers: { 'Content-Type': 'application/json', 'X-CSRFToken': token, Accept: 'application/json' },
        body: method === 'GET' ? undefined : JSON.stringify(body ?? {}),
      })
    } catch (error) {
      if (error.name === 'AbortError') throw error
      throw new UploadError(this.texts.offline, { mayPass: true })
    }
    const said = await response.json().catch(() => ({}))
    if (response.ok) return said
    const mayPass = response.status >= 500 || response.status === 429
    throw new UploadError(said.detail || (mayPass ? this.texts.offline : this.texts.signedOut), { code: said.code, mayPass })
  }

  // The store answers a spoilt signature without CORS headers, which a browser cannot tell from a broken line: so sign anew and try again.
  put(url, blob, { signal, onProgress }) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest()
      const stop = () => request.abort()
      const end = (settle, value) => {
        signal.removeEventListener('abort', stop)
        settle(value)
      }
      request.open('PUT', url)
      request.upload.onprogress = (event) => onProgress(event.loaded)
      request.onload = () =>
        request.status >= 200 && request.status < 300
          ? end(resolve)
          : end(reject, new UploadError(this.texts.store, { mayPass: true }))
      request.onerror = () => end(reject, new UploadError(this.texts.store, { mayPass: true }))
      request.onabort = () => end(reject, new DOMException('', 'AbortError'))
      signal.addEventListener('abort', stop)
      request.send(blob)
    })
  }
}

export async function persistently(attempt, signal, tries = TRIES) {
  for (let number = 1; ; number++) {
    await online(signal)
    try {
      return await attempt()
    } catch (error) {
      if (!error.mayPass || number >= tries) throw error
      await pause(FIRST_PAUSE_MS * 2 ** (number - 1), signal)
    }
  }
}

export function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new DOMException('', 'AbortError'))
    const timer = setTimeout(resolve, milliseconds)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(new DOMException('', 'AbortError'))
    })
  })
}

function online(signal) {
  if (navigator.onLine !== false) return Promise.resolve()
  return new Promise((resolve, reject) => {
    window.addEventListener('online', resolve, { once: true })
    signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError')), { once: true })
  })
}
