import type { Router } from './router.ts'

/** One entry of Celery's `task_routes`. */
export type CeleryRoute = readonly [pattern: string, options: { readonly queue: string }]

/**
 * The routes as a router in Celery's `task_routes = [ROUTER]`: a list, since the order decides there, where the
 * first pattern that matches wins. Celery reads `?` and `[` in a pattern as wildcards too, so they are written as
 * sets of one character; a name without `*` is taken as it is.
 */
export function celeryRoutes({ routes }: Router): CeleryRoute[] {
  return routes.map(({ pattern, queue }) => [
    pattern.includes('*') ? pattern.replace(/[?[]/g, '[$&]') : pattern,
    { queue },
  ])
}
