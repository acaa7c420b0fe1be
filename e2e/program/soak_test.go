//go:build soak

package program

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// soakTime is how long the soak lasts: PARLEY_SOAK, 20 minutes by default.
func soakTime(t *testing.T) time.Duration {
	t.Helper()
	text := os.Getenv("PARLEY_SOAK")
	if text == "" {
		return 20 * time.Minute
	}
	d, err := time.ParseDuration(text)
	must(t, err)
	return d
}

// flatness is by how much the median of the last quarter may be over that of
// the third: the allocator's noise.
const flatness = 1.05

// Memory does not grow with what has passed through: under a steady mixed load
// resident memory is flat over the second half.
func TestSoakGuarantee23MemoryIsFlat(t *testing.T) {
	hook := newReceiver(t)
	p := spawn(t, directory(t), "--log-level", "error", "--socket-rate", "100000", "--socket-burst", "100000")
	shop := p.shop(hook.settings(object{"session_timeout": 60, "subscribed_events": append(extensions(), "message:brain_send", "session:closed", "session:expired")}), "--bot", bot(t, "shop"))
	fillCaches(shop)
	hook.forget()
	stop := make(chan struct{})
	var all sync.WaitGroup
	for w := range 8 {
		all.Go(func() { soakREST(t, shop, w, stop) })
	}
	web := newBrowsers(t)
	for range 4 {
		tab := web.visit(shop, nil)
		all.Go(func() { soakSocket(tab, stop) })
	}
	var resident []float64
	turns := metric(t, p.watch, "parley_turns_total")
	began := time.Now()
	tick := time.NewTicker(max(soakTime(t)/240, time.Second))
	defer tick.Stop()
	for time.Since(began) < soakTime(t) {
		<-tick.C
		hook.forget()
		resident = append(resident, metric(t, p.watch, "process_resident_memory_bytes")/(1<<20))
	}
	close(stop)
	all.Wait()
	turns = metric(t, p.watch, "parley_turns_total") - turns
	quarters := [4]float64{}
	for q := range quarters {
		quarters[q] = median(resident[q*len(resident)/4 : (q+1)*len(resident)/4])
	}
	t.Logf("%s on %d cores: %.0f turns (%.0f/s), %d sessions opened; resident MiB, median of each quarter: %.1f %.1f %.1f %.1f; highest %.1f; goroutines %.0f",
		time.Since(began).Round(time.Second), runtime.NumCPU(), turns, turns/time.Since(began).Seconds(), hook.sum("session:created"),
		quarters[0], quarters[1], quarters[2], quarters[3], slices.Max(resident), metric(t, p.watch, "go_goroutines"))
	if quarters[3] > quarters[2]*flatness {
		t.Errorf("memory grows: %.1f MiB in the third quarter, %.1f MiB in the last", quarters[2], quarters[3])
	}
}

// fillCaches writes and reads more than the page caches of the database hold
// (64 MiB for writing, 8 MiB for each reader), which are memory with a bound
// that a steady load would reach only after minutes.
func fillCaches(shop *shop) {
	together(8, func(w int) {
		for range 50 {
			a, err := shop.try("POST", shop.sessions(), object{"context": object{"big": strings.Repeat("x", 200_000)}})
			if err == nil {
				a, err = shop.try("GET", shop.ours(a.id(), ""), nil)
			}
			if err != nil || a.status != 200 {
				shop.t.Errorf("%d %s %v", a.status, a.text, err)
			}
		}
	})
}

func median(list []float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[len(sorted)/2]
}

// soakREST opens sessions, talks, merges and lets every second one expire.
func soakREST(t *testing.T, shop *shop, w int, stop <-chan struct{}) {
	pace := time.NewTicker(20 * time.Millisecond)
	defer pace.Stop()
	id := ""
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		case <-pace.C:
		}
		method, path, body, want := "POST", shop.at(id, "/messages"), any(object{"input": object{"text": "count"}}), 202
		switch i % 50 {
		case 0:
			path, body, want = shop.sessions(), object{"channel_user_id": fmt.Sprint("user", w, "-", i), "context": object{"page": i}}, 201
		case 10, 20, 30:
			method, path, body, want = "PATCH", shop.at(id, "/context"), object{fmt.Sprint("k", i%7): i, "big": fmt.Sprintf("%02000d", i)}, 200
		case 15:
			body = object{"input": object{"text": "next"}}
		case 25:
			body = object{"input": object{"text": "fail"}}
		case 35:
			body = object{"input": object{"text": "menu"}}
		case 49:
			if i%100 == 49 {
				path, body, want = shop.at(id, "/close"), nil, 200
			}
		}
		a, err := shop.try(method, path, body)
		if err != nil || a.status != want {
			t.Errorf("%s %s: %d %s %v", method, path, a.status, a.text, err)
			return
		}
		if a.status == 201 {
			id = a.id()
		}
	}
}

// soakSocket opens sessions, talks, cuts the transport and resumes.
func soakSocket(c *tab, stop <-chan struct{}) {
	pace := time.NewTicker(50 * time.Millisecond)
	defer pace.Stop()
	id := ""
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		case <-pace.C:
		}
		switch i % 100 {
		case 0:
			if id != "" {
				c.emit("session:close", object{"session_id": id})
				c.until("session:closed")
			}
			c.emit("session:create", object{"context": object{"user": object{"display_name": "Ada"}}})
			id = text(c.until("session:created"), "session_id")
		case 50:
			c.cut()
			c.until("connect")
			c.join(id, object{"last_sequence": 1})
		case 75:
			c.emit("session:context:update", object{"session_id": id, "context": object{"user": object{}, "i": i}})
			c.until("session:context:updated")
		default:
			c.emit("message:send", said(id, "count"))
			c.until("message:brain_received")
		}
	}
}
