// Package machine says under which conditions a bench ran, without naming the machine.
package machine

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// Describe starts the sentence of conditions: the day, the machine and the versions of Go
// and Node. dir is where the data is.
func Describe(dir string) string {
	return fmt.Sprintf("Measured on %s: %d cores, %.0f GiB of memory, data on %s; %s, %s",
		time.Now().UTC().Format(time.DateOnly), runtime.NumCPU(), memoryGiB(), fileSystem(dir),
		strings.Replace(runtime.Version(), "go", "Go ", 1), Version("node", "Node ", "--version"))
}

// Load is the load average of the last minute: well above the number of cores something
// else was running too.
func Load() float64 {
	said, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return 0
	}
	var load float64
	_, _ = fmt.Sscan(string(said), &load)
	return load
}

func memoryGiB() float64 {
	var info syscall.Sysinfo_t
	if err := syscall.Sysinfo(&info); err != nil {
		return 0
	}
	return float64(info.Totalram) * float64(info.Unit) / (1 << 30)
}

// Version is what the program says of itself, with its name in front.
func Version(program, name, flag string) string {
	said, err := exec.Command(program, flag).Output()
	if err != nil {
		return name + "unknown"
	}
	return name + strings.TrimPrefix(strings.TrimSpace(string(said)), "v")
}

// fileSystem names the kind of file system: a bench of durable writes on tmpfs would
// measure nothing.
func fileSystem(dir string) string {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(dir, &stat); err != nil {
		return "an unknown file system"
	}
	names := map[int64]string{0xef53: "ext4", 0x58465342: "xfs", 0x9123683e: "btrfs", 0x01021994: "tmpfs", 0x794c7630: "overlayfs"}
	if name, known := names[stat.Type]; known {
		return name
	}
	return fmt.Sprintf("a file system of type %#x", stat.Type)
}
