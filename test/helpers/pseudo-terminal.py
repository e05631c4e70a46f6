"""Runs a command in a terminal of its own: COLUMNS ROWS COMMAND... Takes orders and tells what is written, a line of JSON each."""
import base64, fcntl, json, os, pty, select, signal, struct, sys, termios

columns, rows, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]


def tell(what):
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def set_size(fd, columns, rows):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def obey(order):
    if "keys" in order:
        os.write(terminal, order["keys"].encode())
    elif "signal" in order:
        os.kill(child, getattr(signal, order["signal"]))
    else:
        set_size(terminal, order["columns"], order["rows"])


terminal, inside = pty.openpty()
set_size(terminal, columns, rows)
before = termios.tcgetattr(inside)
child = os.fork()
if child == 0:
    os.setsid()
    fcntl.ioctl(inside, termios.TIOCSCTTY, 0)
    for fd in range(3):
        os.dup2(inside, fd)
    os.closerange(3, 64)
    os.execvp(command[0], command)

orders, status = b"", None
while True:
    ready, _, _ = select.select([terminal] + ([0] if orders is not None else []), [], [], 0.05)
    if 0 in ready:
        chunk = os.read(0, 65536)
        if chunk == b"":
            # Whoever asked is gone.
            os.kill(child, signal.SIGKILL)
            orders = None
        else:
            *lines, orders = (orders + chunk).split(b"\n")
            for line in lines:
                obey(json.loads(line))
    if terminal in ready:
        tell({"output": base64.b64encode(os.read(terminal, 65536)).decode()})
    elif status is not None:
        break
    if status is None:
        ended, answer = os.waitpid(child, os.WNOHANG)
        status = answer if ended else None

tell({"code": os.waitstatus_to_exitcode(status), "isRestored": termios.tcgetattr(inside) == before})
