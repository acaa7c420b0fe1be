package child

import (
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

func TestProcess_StopsAndTellsWhyItDied(t *testing.T) {
	sleeper, err := Start(exec.Command("sleep", "60"), syscall.SIGTERM, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := sleeper.Stop(); err != nil {
		t.Error(err)
	}
	broken, err := Start(exec.Command("sh", "-c", "echo out of memory >&2; exit 3"), syscall.SIGTERM, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	err = broken.Await(t.Context(), func() error { return exec.ErrNotFound })
	if err == nil || !strings.Contains(err.Error(), "out of memory") || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("got %v", err)
	}
	if err := broken.Stop(); err == nil {
		t.Error("stopping a process that died gave no error")
	}
}
