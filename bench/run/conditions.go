package main

import (
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// conditions says under which conditions the table was made, without naming the machine.
func conditions(p plan, disk string) string {
	return fmt.Sprintf("Measured on %s: %d cores, %.0f GiB of memory, data on %s; %s, %s, %s. "+
		"%d runs of each server in turn, %d clients, %s of warm-up and %s measured for each scenario, %d idle websockets.\n",
		time.Now().UTC().Format(time.DateOnly), runtime.NumCPU(), memoryGiB(), disk,
		strings.Replace(runtime.Version(), "go", "Go ", 1), version("node", "Node ", "--version"), postgresVersion(),
		p.runs, p.load.clients, p.load.warmup, p.load.window, p.load.connections)
}

func memoryGiB() float64 {
	var info syscall.Sysinfo_t
	if err := syscall.Sysinfo(&info); err != nil {
		return 0
	}
	return float64(info.Totalram) * float64(info.Unit) / (1 << 30)
}

// version is what the program says of itself, with its name in front.
func version(program, name, flag string) string {
	said, err := exec.Command(program, flag).Output()
	if err != nil {
		return name + "unknown"
	}
	return name + strings.TrimPrefix(strings.TrimSpace(string(said)), "v")
}

func postgresVersion() string {
	programs, err := postgresPrograms()
	if err != nil {
		return "PostgreSQL unknown"
	}
	// It prints "postgres (PostgreSQL) 15.18 (Debian ...)".
	words := strings.Fields(version(programs+"/postgres", "", "--version"))
	if len(words) < 3 {
		return "PostgreSQL unknown"
	}
	return "PostgreSQL " + words[2]
}

// fileSystem names the kind of file system: a bench of durable writes on tmpfs would
// measure nothing.
func fileSystem(dir string) string {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(dir, &stat); err != nil {
		return "an unknown file system"
	}
	names := map[int64]string{0xef53: "ext4", 0x58465342: "xfs", 0x9123683e: "btrfs", 0x01021994: "tmpfs", 0x794c7630: "overlayfs"}
	if name, known := names[int64(stat.Type)]; known {
		return name
	}
	return fmt.Sprintf("a file system of type %#x", stat.Type)
}
