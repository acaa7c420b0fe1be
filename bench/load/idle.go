package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

const idleScenario = "idle-sockets"

// warmupSockets come and go before the first reading, so that what a server allocates
// once is not charged to the sockets.
const warmupSockets = 200

// idleSettings say what to measure and where.
type idleSettings struct {
	connections int
	pid         int
	collect     string // URL whose POST forces a collection
}

// idleResult is resident memory in KiB of 1,024 bytes.
type idleResult struct {
	Scenario     string  `json:"scenario"`
	Connections  int     `json:"connections"`
	BeforeKiB    int     `json:"rss_before_kib"`
	AfterKiB     int     `json:"rss_after_kib"`
	KiBPerSocket float64 `json:"kib_per_socket"`
}

// measureIdle compares the server's resident memory, after a forced collection, without
// sockets and with all of them, each with a session it created.
func measureIdle(server target, set idleSettings) (idleResult, error) {
	out := idleResult{Scenario: idleScenario, Connections: set.connections}
	if set.pid == 0 || set.collect == "" || set.connections < 1 {
		return out, errors.New("--pid, --collect and --connections are required")
	}
	warmup, err := openCrowd(server, warmupSockets)
	warmup.close()
	if err != nil {
		return out, err
	}
	if out.BeforeKiB, err = residentAfterCollection(set); err != nil {
		return out, err
	}
	crowd, err := openCrowd(server, set.connections)
	defer crowd.close()
	if err != nil {
		return out, err
	}
	if out.AfterKiB, err = residentAfterCollection(set); err != nil {
		return out, err
	}
	if lost := crowd.lost.Load(); lost > 0 {
		return out, fmt.Errorf("%d of %d sockets were lost while idle", lost, set.connections)
	}
	out.KiBPerSocket = float64(out.AfterKiB-out.BeforeKiB) / float64(set.connections)
	return out, nil
}

// crowd is many sockets that only answer heartbeats.
type crowd struct {
	guard   sync.Mutex
	sockets []*liveSocket
	lost    atomic.Int64
	closing atomic.Bool
}

func openCrowd(server target, count int) (*crowd, error) {
	const dialers = 32
	everyone := &crowd{}
	var left atomic.Int64
	left.Store(int64(count))
	failures := make([]error, dialers)
	var dialing sync.WaitGroup
	for i := range dialers {
		dialing.Go(func() {
			for failures[i] == nil && left.Add(-1) >= 0 {
				failures[i] = everyone.add(server)
			}
		})
	}
	dialing.Wait()
	return everyone, errors.Join(failures...)
}

func (c *crowd) add(server target) error {
	socket, err := dialSocket(server)
	if err != nil {
		return err
	}
	c.guard.Lock()
	c.sockets = append(c.sockets, socket)
	c.guard.Unlock()
	if err := socket.createSession(); err != nil {
		return err
	}
	go c.listen(socket)
	return nil
}

func (c *crowd) listen(socket *liveSocket) {
	for {
		if _, err := socket.read(); err != nil {
			if !c.closing.Load() {
				c.lost.Add(1)
			}
			return
		}
	}
}

func (c *crowd) close() {
	c.closing.Store(true)
	for _, socket := range c.sockets {
		socket.close()
	}
}

// residentAfterCollection forces several collections: one alone leaves what finalizers
// and the next generation still hold.
func residentAfterCollection(set idleSettings) (int, error) {
	for range 3 {
		time.Sleep(500 * time.Millisecond)
		response, err := http.Post(set.collect, "", nil)
		if err != nil {
			return 0, err
		}
		response.Body.Close()
		if response.StatusCode/100 != 2 {
			return 0, fmt.Errorf("POST %s answered %s", set.collect, response.Status)
		}
	}
	return residentKiB(set.pid)
}

func residentKiB(pid int) (int, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	return parseResident(status)
}

// parseResident finds the line "VmRSS:   123456 kB" of /proc/PID/status.
func parseResident(status []byte) (int, error) {
	for line := range bytes.Lines(status) {
		fields := bytes.Fields(line)
		if len(fields) == 3 && string(fields[0]) == "VmRSS:" {
			return strconv.Atoi(string(fields[1]))
		}
	}
	return 0, errors.New("no VmRSS in the process status")
}
