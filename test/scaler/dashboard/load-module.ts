/** A module of the page, which has no types of its own: the test says what it takes of it. */
export async function loadModule<T>(name: string): Promise<T> {
  const url = new URL(`../../../scaler/dashboard/${name}`, import.meta.url)
  return (await import(url.href)) as T
}
