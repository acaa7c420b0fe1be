package cluster

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// namespace is the network of some processes: interfaces, routes and rules of
// its own. A keeper holds it and waits for the end of this process, however it
// ends; with the last process in it the namespace is gone, and every interface
// in it, and the other end of each.
type namespace struct {
	keeper *exec.Cmd
	life   io.Closer
}

// keep waits, and then kills what else runs in its own namespace.
const keep = `echo kept; read -r _
find /proc/[0-9]*/ns/net -maxdepth 0 -printf '%p %l\n' 2>/dev/null | grep -F " $(readlink /proc/$$/ns/net)" |
while IFS=/ read -r _ _ pid _; do [ "$pid" = $$ ] || kill -9 "$pid" 2>/dev/null; done
exit 0`

func newNamespace() (*namespace, error) {
	n := &namespace{keeper: exec.Command("unshare", "--net", "--", "sh", "-c", keep)}
	n.keeper.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // an interrupt of the tests is not for it
	var said bytes.Buffer
	n.keeper.Stderr = &said
	out, err := n.keeper.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if n.life, err = n.keeper.StdinPipe(); err != nil {
		return nil, err
	}
	if err := n.keeper.Start(); err != nil {
		return nil, err
	}
	if word, _ := bufio.NewReader(out).ReadString('\n'); word != "kept\n" {
		return nil, fmt.Errorf("unshare: %w: %s", errors.Join(n.keeper.Wait()), said.String())
	}
	return n, n.ip("link set lo up")
}

// pid names the namespace.
func (n *namespace) pid() string { return strconv.Itoa(n.keeper.Process.Pid) }

// within are the words before a command that runs it here.
func (n *namespace) within() []string {
	return []string{"nsenter", "--net=/proc/" + n.pid() + "/ns/net", "--"}
}

// run runs a command here to its end.
func (n *namespace) run(stdin string, command ...string) error {
	return run(stdin, append(n.within(), command...)...)
}

// ip runs commands of ip here, all or up to the first that fails.
func (n *namespace) ip(lines ...string) error { return n.run(strings.Join(lines, "\n"), batch()...) }

// close kills what runs here and ends the namespace.
func (n *namespace) close() error {
	return errors.Join(n.life.Close(), n.keeper.Wait())
}

// batch is ip as it takes its commands from the input.
func batch() []string { return []string{"ip", "-batch", "-"} }

// run runs a command to its end. What it says becomes part of the error.
func run(stdin string, command ...string) error {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdin = strings.NewReader(stdin)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s\n%s", strings.Join(command, " "), err, stdin, out)
	}
	return nil
}
