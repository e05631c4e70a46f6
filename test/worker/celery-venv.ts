import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hasPython, installCelery } from '../helpers/celery.ts'

const CACHE = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url))

/** Why there is no Celery here; absent when there may be one. */
export const noCelery = hasPython ? undefined : 'no python3 with venv: Celery is not tried'

/** The Python that has Celery, from PyPI: installed once. `-m celery` is the program. */
export function celeryPython(): string {
  installCelery()
  const folder = readdirSync(CACHE).find((name) => /^celery-[\d.]+$/.test(name))
  if (folder === undefined) throw new Error(`no Celery in ${CACHE}`)
  return join(CACHE, folder, 'bin/python')
}
