import { z } from 'zod'

// zod would compile each object schema to code of its own, which pays off after thousands of checks; a command
// makes one, and would spend most of its time on that.
z.config({ jitless: true })

export { z }
