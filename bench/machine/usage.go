package machine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Usage is what a process has used.
type Usage struct {
	At        time.Time
	Processor time.Duration
	Resident  int64 // bytes
}

// clockTicks is the unit of processor times in /proc on Linux.
const clockTicks = 100

// UsageOf reads what a process has used.
func UsageOf(pid int) (Usage, error) {
	s, err := statOf(pid)
	if err != nil {
		return Usage{}, err
	}
	statm, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return Usage{}, err
	}
	pages := strings.Fields(string(statm))
	if len(pages) < 2 {
		return Usage{}, fmt.Errorf("/proc/%d/statm is not what it should be", pid)
	}
	resident, err := strconv.ParseInt(pages[1], 10, 64)
	return Usage{time.Now(), s.own, resident * int64(os.Getpagesize())}, err
}

// ProcessorOf is the processor time of a process, its children and those of its
// children that have ended.
func ProcessorOf(pid int) (time.Duration, error) {
	s, err := statOf(pid)
	if err != nil {
		return 0, err
	}
	all := s.own + s.ended
	others, err := filepath.Glob("/proc/[0-9]*")
	for _, dir := range others {
		id, err := strconv.Atoi(filepath.Base(dir))
		if err != nil {
			continue
		}
		if child, err := statOf(id); err == nil && child.parent == pid {
			all += child.own + child.ended
		}
	}
	return all, err
}

// stat is what the system counts for a process.
type stat struct {
	parent     int
	own, ended time.Duration // of itself, of its children that have ended
}

func statOf(pid int) (stat, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return stat{}, err
	}
	_, after, _ := strings.Cut(string(raw), ") ") // the name may hold anything
	fields := strings.Fields(after)
	if len(fields) < 15 {
		return stat{}, fmt.Errorf("/proc/%d/stat is not what it should be", pid)
	}
	var numbers [5]int64
	var all error
	for i, at := range []int{1, 11, 12, 13, 14} {
		var err error
		numbers[i], err = strconv.ParseInt(fields[at], 10, 64)
		all = errors.Join(all, err)
	}
	ticks := func(n int64) time.Duration { return time.Duration(n) * time.Second / clockTicks }
	return stat{int(numbers[0]), ticks(numbers[1] + numbers[2]), ticks(numbers[3] + numbers[4])}, all
}
