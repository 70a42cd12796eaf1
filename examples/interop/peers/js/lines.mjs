/** Writes one event line. */
export function emit (event, fields = {}) {
  process.stdout.write(JSON.stringify({ event, ...fields }) + '\n')
}

/** Errors as "Name: message", with the errors inside an AggregateError. */
export function describe (err) {
  const inner = (err?.errors ?? []).map(describe)
  return `${err?.name ?? 'Error'}: ${err?.message ?? err}` + (inner.length > 0 ? ` [${inner.join('; ')}]` : '')
}
