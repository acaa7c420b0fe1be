package webhook_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/session"
	"parley/internal/signing"
	"parley/internal/webhook"
)

// hit is one attempt as the receiver saw it.
type hit struct {
	at     time.Time
	id     string
	body   string
	header http.Header
	host   string
}

// receiver is an http.RoundTripper that answers in place of the network, so
// that time can be virtual. answer returns a status, or 0 for a broken
// connection.
type receiver struct {
	mu      sync.Mutex
	hits    []hit
	answer  func(ctx context.Context, h hit, n int) int
	current int
	most    int // attempts at the same time
}

func (r *receiver) RoundTrip(request *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	h := hit{time.Now(), request.Header.Get("webhook-id"), string(body), request.Header, request.URL.Host}
	r.mu.Lock()
	r.hits = append(r.hits, h)
	n := len(r.hits)
	r.current++
	r.most = max(r.most, r.current)
	r.mu.Unlock()
	status := r.answer(request.Context(), h, n)
	r.mu.Lock()
	r.current--
	r.mu.Unlock()
	if err := request.Context().Err(); err != nil {
		return nil, err
	}
	if status == 0 {
		return nil, errors.New("connection reset by peer")
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Location": {"https://elsewhere.example"}}, Body: http.NoBody, Request: request}, nil
}

func (r *receiver) seen() []hit {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.hits)
}

func always(status int) func(context.Context, hit, int) int {
	return func(context.Context, hit, int) int { return status }
}

// bench is a sender in virtual time.
type bench struct {
	outbox   *outbox
	receiver *receiver
	sender   *webhook.Sender
}

func newBench(t *testing.T, settings session.Settings, answer func(context.Context, hit, int) int, change ...func(*webhook.Options)) *bench {
	t.Helper()
	if settings.WebhookURL == "" {
		settings.WebhookURL = "https://receiver.example/hook"
	}
	b := &bench{outbox: &outbox{}, receiver: &receiver{answer: answer}}
	list := integrations{"shop": settings, "bank": settings}
	o := webhook.Options{Outbox: b.outbox, Integration: list.find, Now: time.Now, Transport: b.receiver}
	for _, f := range change {
		f(&o)
	}
	b.sender = webhook.New(o)
	return b
}

func (b *bench) start(t *testing.T) {
	t.Helper()
	b.sender.Start()
	t.Cleanup(func() { b.sender.Stop(context.Background()) })
}

// wait lets virtual time pass, until everything sleeps again.
func wait(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// The published schedule: six attempts within seconds, seven more within 21
// hours, each with the same bytes and its own timestamp; then a dead letter.
func TestSender_Schedule(t *testing.T) {
	schedule := []time.Duration{
		250 * time.Millisecond, 500 * time.Millisecond, time.Second, 2 * time.Second, 2 * time.Second,
		30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour,
	}
	for name, test := range map[string]struct {
		strict bool
		answer int
		delays []time.Duration
	}{
		"503":                 {false, 503, schedule},
		"broken connection":   {false, 0, schedule},
		"strict":              {true, 500, schedule[:5]},
		"switching protocols": {true, 101, schedule[:5]},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, session.Settings{WebhookSecret: "s", StrictRetries: test.strict}, always(test.answer))
				d := delivery("shop", newChain(t), 1)
				b.outbox.add(d)
				b.start(t)
				wait(24 * time.Hour)

				hits := b.receiver.seen()
				if len(hits) != len(test.delays)+1 {
					t.Fatalf("%d attempts, want %d", len(hits), len(test.delays)+1)
				}
				for i, delay := range test.delays {
					got := hits[i+1].at.Sub(hits[i].at)
					// A row is due on a whole millisecond.
					if got < delay*9/10-time.Millisecond || got > delay*11/10 {
						t.Errorf("attempt %d came after %s, want %s ±10 %%", i+2, got, delay)
					}
				}
				for _, h := range hits {
					if h.body != string(d.Body) || h.id != d.ID.String() {
						t.Errorf("the attempt at %s sent other bytes or another id", h.at)
					}
					if want := signing.Standard("s", h.id, h.at, []byte(h.body)); h.header.Get("webhook-signature") != want {
						t.Errorf("the attempt at %s has the signature of another moment", h.at)
					}
				}
				if waiting, dead := b.outbox.counts(); waiting != 0 || dead != 1 {
					t.Errorf("%d waiting, %d dead", waiting, dead)
				}
			})
		})
	}
}

func TestSender_JitterSpreads(t *testing.T) {
	delays := func(random float64) time.Duration {
		var gap time.Duration
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, session.Settings{}, always(500), func(o *webhook.Options) { o.Random = func() float64 { return random } })
			b.outbox.add(delivery("shop", newChain(t), 1))
			b.start(t)
			wait(time.Second)
			hits := b.receiver.seen()
			gap = hits[1].at.Sub(hits[0].at)
		})
		return gap
	}
	if low, high := delays(0), delays(0.999999); low != 225*time.Millisecond || high < 274*time.Millisecond || high > 275*time.Millisecond {
		t.Errorf("the first delay is between %s and %s, want 225 to 275 ms", low, high)
	}
}

// Contract b.1 and acceptance test 21: what each answer means.
func TestSender_Outcomes(t *testing.T) {
	for name, test := range map[string]struct {
		answers []int
		dead    bool
	}{
		"200":                     {[]int{200}, false},
		"204":                     {[]int{204}, false},
		"299":                     {[]int{299}, false},
		"400":                     {[]int{400}, true},
		"404":                     {[]int{404}, true},
		"410":                     {[]int{410}, true},
		"429":                     {[]int{429}, true},
		"301 is not followed":     {[]int{301}, true},
		"307 is not followed":     {[]int{307}, true},
		"500 five times then 200": {[]int{500, 500, 500, 500, 500, 200}, false},
		"cut, then 200":           {[]int{0, 200}, false},
		"500, then 400":           {[]int{500, 400}, true},
		"600, then 200":           {[]int{600, 200}, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, session.Settings{}, func(_ context.Context, _ hit, n int) int { return test.answers[min(n, len(test.answers))-1] })
				b.outbox.add(delivery("shop", newChain(t), 1))
				b.start(t)
				wait(time.Hour)
				if n := len(b.receiver.seen()); n != len(test.answers) {
					t.Errorf("%d attempts, want %d", n, len(test.answers))
				}
				if waiting, dead := b.outbox.counts(); waiting != 0 || (dead == 1) != test.dead {
					t.Errorf("%d waiting, %d dead", waiting, dead)
				}
			})
		})
	}
}

// A receiver that hangs is cut off after 30 s and asked again.
func TestSender_Timeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var reports []webhook.Report
		var mu sync.Mutex
		b := newBench(t, session.Settings{}, func(ctx context.Context, _ hit, n int) int {
			if n == 1 {
				<-ctx.Done()
			}
			return 200
		}, func(o *webhook.Options) {
			o.Observe = func(r webhook.Report) {
				mu.Lock()
				defer mu.Unlock()
				reports = append(reports, r)
			}
		})
		b.outbox.add(delivery("shop", newChain(t), 1))
		b.start(t)
		wait(time.Minute)
		hits := b.receiver.seen()
		if len(hits) != 2 {
			t.Fatalf("%d attempts", len(hits))
		}
		if gap := hits[1].at.Sub(hits[0].at); gap < 30225*time.Millisecond-time.Millisecond || gap > 30275*time.Millisecond {
			t.Errorf("the second attempt came after %s", gap)
		}
		mu.Lock()
		defer mu.Unlock()
		if len(reports) != 2 || reports[0].Took != session.WebhookTimeout || reports[0].Final || !strings.Contains(reports[0].Fault, "no answer within 30s") || !reports[1].Delivered {
			t.Errorf("got %+v", reports)
		}
	})
}

// First in, first out per integration and chain, in parallel across: a chain
// whose head fails waits, others pass it. Guarantee 8.
func TestSender_Order(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var bad string
		var failures atomic.Int32
		b := newBench(t, session.Settings{}, func(_ context.Context, h hit, _ int) int {
			if h.id == bad && failures.Add(1) < 4 {
				return 500
			}
			return 200
		})
		one, two := newChain(t), newChain(t)
		var wanted []string
		for i := range int64(5) {
			d := delivery("shop", one, i+1)
			if i == 1 {
				bad = d.ID.String()
			}
			wanted = append(wanted, d.ID.String())
			b.outbox.add(d)
		}
		var other, foreign []string
		for i := range int64(20) {
			d, f := delivery("shop", two, i+1), delivery("bank", one, i+1)
			other, foreign = append(other, d.ID.String()), append(foreign, f.ID.String())
			b.outbox.add(d)
			b.outbox.add(f)
		}
		b.start(t)
		synctest.Wait()
		first := b.receiver.seen()
		if !slices.Equal(only(first, other), other) || !slices.Equal(only(first, foreign), foreign) {
			t.Error("a failing head held up another chain or another integration")
		}
		if got := only(first, wanted); !slices.Equal(got, wanted[:2]) {
			t.Errorf("before the retry %d rows of the chain went out, want the delivered one and the failing head", len(got))
		}
		wait(time.Minute)
		if got := slices.Compact(only(b.receiver.seen(), wanted)); !slices.Equal(got, wanted) {
			t.Errorf("order %v, want %v", got, wanted)
		}
		if waiting, dead := b.outbox.counts(); waiting != 0 || dead != 0 {
			t.Errorf("%d waiting, %d dead", waiting, dead)
		}
	})
}

// only returns the ids of the hits that are in the list, in order of arrival.
func only(hits []hit, list []string) []string {
	var ids []string
	for _, h := range hits {
		if slices.Contains(list, h.id) {
			ids = append(ids, h.id)
		}
	}
	return ids
}

// A dead head lets the queue go on.
func TestSender_DeadHeadIsPassed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, session.Settings{}, func(_ context.Context, _ hit, n int) int { return map[bool]int{true: 400, false: 200}[n == 1] })
		chain := newChain(t)
		b.outbox.add(delivery("shop", chain, 1))
		b.outbox.add(delivery("shop", chain, 2))
		b.start(t)
		synctest.Wait()
		if waiting, dead := b.outbox.counts(); waiting != 0 || dead != 1 || len(b.receiver.seen()) != 2 {
			t.Errorf("%d waiting, %d dead, %d attempts", waiting, dead, len(b.receiver.seen()))
		}
	})
}

func TestSender_WorkersBound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, session.Settings{}, func(context.Context, hit, int) int {
			<-time.After(time.Second)
			return 200
		}, func(o *webhook.Options) { o.Workers = 3 })
		for range 8 {
			b.outbox.add(delivery("shop", newChain(t), 1))
		}
		for range 4 {
			b.outbox.add(delivery("bank", newChain(t), 1))
		}
		b.start(t)
		wait(10 * time.Second)
		if b.receiver.most != 3 {
			t.Errorf("%d attempts at the same time, want 3", b.receiver.most)
		}
		hits := b.receiver.seen()
		if len(hits) != 12 {
			t.Fatalf("%d attempts", len(hits))
		}
		if took := hits[11].at.Sub(hits[0].at); took > 5*time.Second {
			t.Errorf("the last attempt began after %s: places are not used as they become free", took)
		}
	})
}

// Receivers that hang hold no place of one that answers, however much waits
// for them.
func TestSender_HangingReceiversHoldNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		list := integrations{"quick": {WebhookURL: "https://quick.example/hook"}}
		b := newBench(t, session.Settings{}, nil, func(o *webhook.Options) { o.Workers, o.Integration = 16, list.find })
		b.receiver.answer = func(ctx context.Context, h hit, _ int) int {
			if h.host != "quick.example" {
				<-ctx.Done()
				return 0
			}
			return 200
		}
		for i := range 3 {
			hanging := fmt.Sprint("hanging", i)
			list[hanging] = session.Settings{WebhookURL: "https://" + hanging + ".example/hook"}
			for range 100 {
				b.outbox.add(delivery(hanging, newChain(t), 1))
			}
		}
		b.start(t)
		wait(time.Second)
		const calls = 120
		sent := map[string]time.Time{}
		for range calls { // for two minutes: the hanging time out and are tried again
			d := delivery("quick", newChain(t), 1)
			sent[d.ID.String()] = time.Now()
			b.outbox.add(d)
			b.sender.Wake()
			wait(time.Second)
		}
		came := 0
		for _, h := range b.receiver.seen() {
			if h.host != "quick.example" {
				continue
			}
			if came++; h.at != sent[h.id] {
				t.Errorf("%s came %s late", h.id, h.at.Sub(sent[h.id]))
			}
		}
		if came != calls {
			t.Errorf("%d of %d came", came, calls)
		}
	})
}

// A hint is acted on at once; without one a row is found within a second.
func TestSender_Wake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, session.Settings{}, always(200))
		b.start(t)
		wait(10*time.Second + 300*time.Millisecond)
		if b.outbox.claims != 0 {
			t.Errorf("%d claims of an empty outbox: each is a transaction", b.outbox.claims)
		}
		hinted := delivery("shop", newChain(t), 1)
		b.outbox.add(hinted)
		b.sender.Wake()
		synctest.Wait()
		if hits := b.receiver.seen(); len(hits) != 1 || hits[0].at.UnixMilli() != hinted.CreatedMs {
			t.Fatalf("not sent at once: %v", hits)
		}
		wait(300 * time.Millisecond)
		quiet := delivery("shop", newChain(t), 1)
		b.outbox.add(quiet)
		wait(time.Second)
		hits := b.receiver.seen()
		if len(hits) != 2 || hits[1].at.UnixMilli()-quiet.CreatedMs > 1000 {
			t.Fatalf("not found within a second: %v", hits)
		}
	})
}

// Attempts are counted in the outbox, so a new sender goes on where the old
// one ended.
func TestSender_Restart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, session.Settings{}, always(500))
		b.outbox.add(delivery("shop", newChain(t), 1))
		b.start(t)
		wait(10 * time.Second) // six attempts; the next is 30 s later
		b.sender.Stop(t.Context())
		if n := len(b.receiver.seen()); n != 6 {
			t.Fatalf("%d attempts in the first stage", n)
		}
		second := newBench(t, session.Settings{}, always(200), func(o *webhook.Options) { o.Outbox = b.outbox })
		second.start(t)
		synctest.Wait()
		if n := len(second.receiver.seen()); n != 0 {
			t.Fatal("a restart must not shorten the wait")
		}
		wait(33 * time.Second)
		if n := len(second.receiver.seen()); n != 1 {
			t.Errorf("%d attempts after the restart", n)
		}
	})
}

// A sender that died holds its row only as long as its lease.
func TestSender_LostLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, session.Settings{}, always(200))
		b.outbox.add(delivery("shop", newChain(t), 1))
		lost, err := b.outbox.Claim(t.Context(), time.Now().UnixMilli(), session.WebhookLease.Milliseconds(), 1)
		if err != nil || len(lost) != 1 {
			t.Fatal(lost, err)
		}
		b.start(t)
		wait(session.WebhookLease - time.Millisecond)
		if len(b.receiver.seen()) != 0 {
			t.Fatal("sent although another sender holds the row")
		}
		wait(2 * time.Second)
		if len(b.receiver.seen()) != 1 {
			t.Fatal("the row of a dead sender was never sent")
		}
	})
	if session.WebhookLease <= session.WebhookTimeout {
		t.Error("a lease must outlast an attempt")
	}
}

// slowClaim takes so long to answer that the lease is nearly over.
type slowClaim struct {
	*outbox
	once sync.Once
}

func (s *slowClaim) Claim(ctx context.Context, nowMs, leaseMs int64, limit int, except ...string) ([]*session.Delivery, error) {
	claimed, err := s.outbox.Claim(ctx, nowMs, leaseMs, limit, except...)
	s.once.Do(func() { <-time.After(20 * time.Second) })
	return claimed, err
}

// A claim that came back too late is not used: its attempt could outlive the
// lease, and another sender would send the same row at the same time.
func TestSender_SlowClaim(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, session.Settings{}, always(200))
		o := &slowClaim{outbox: b.outbox}
		slow := newBench(t, session.Settings{}, always(200), func(options *webhook.Options) { options.Outbox = o })
		began := time.Now()
		b.outbox.add(delivery("shop", newChain(t), 1))
		slow.start(t)
		wait(time.Minute)
		hits := slow.receiver.seen()
		if len(hits) != 1 || hits[0].at.Sub(began) < session.WebhookLease {
			t.Errorf("got %v", hits)
		}
	})
}

// An outcome that the store does not take is offered again; the receiver does
// not get the event a second time for it.
func TestSender_SettleAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, session.Settings{}, always(200))
		b.outbox.refusing = session.Unavailable("disk full")
		b.outbox.add(delivery("shop", newChain(t), 1))
		b.start(t)
		wait(5 * time.Second)
		b.outbox.mu.Lock()
		b.outbox.refusing = nil
		b.outbox.mu.Unlock()
		wait(time.Minute)
		if waiting, _ := b.outbox.counts(); waiting != 0 || len(b.receiver.seen()) != 1 {
			t.Errorf("%d waiting after %d attempts", waiting, len(b.receiver.seen()))
		}
	})
}

// Start and Stop in every order.
func TestSender_Life(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		never := newBench(t, session.Settings{}, always(200))
		never.sender.Stop(t.Context()) // before Start
		never.outbox.add(delivery("shop", newChain(t), 1))
		never.sender.Start() // after Stop: nothing
		never.sender.Wake()
		wait(time.Minute)
		if n := len(never.receiver.seen()); n != 0 {
			t.Errorf("%d attempts by a stopped sender", n)
		}

		twice := newBench(t, session.Settings{}, always(200))
		twice.sender.Start()
		twice.sender.Start()
		twice.sender.Stop(t.Context())
		twice.sender.Stop(t.Context())
	})
}

func TestSender_StopWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, session.Settings{}, func(context.Context, hit, int) int {
			<-time.After(5 * time.Second)
			return 200
		})
		chain := newChain(t)
		b.outbox.add(delivery("shop", chain, 1))
		b.outbox.add(delivery("shop", chain, 2))
		b.sender.Start()
		wait(time.Second)
		began := time.Now()
		b.sender.Stop(t.Context())
		if took := time.Since(began); took != 4*time.Second {
			t.Errorf("Stop took %s, want the rest of the attempt", took)
		}
		if waiting, dead := b.outbox.counts(); waiting != 1 || dead != 0 || len(b.receiver.seen()) != 1 {
			t.Errorf("%d waiting, %d dead, %d attempts: what runs is finished, nothing else begun", waiting, dead, len(b.receiver.seen()))
		}
	})
}

// An attempt that the end of the grace cuts off is tried again at the next start.
func TestSender_StopCutsOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, session.Settings{}, func(ctx context.Context, _ hit, _ int) int {
			<-ctx.Done()
			return 200
		})
		b.outbox.add(delivery("shop", newChain(t), 1))
		b.sender.Start()
		wait(time.Second)
		grace, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		began := time.Now()
		b.sender.Stop(grace)
		if took := time.Since(began); took != 2*time.Second {
			t.Errorf("Stop took %s", took)
		}
		next := newBench(t, session.Settings{}, always(200), func(o *webhook.Options) { o.Outbox = b.outbox })
		next.start(t)
		synctest.Wait()
		if waiting, _ := b.outbox.counts(); waiting != 0 || len(next.receiver.seen()) != 1 {
			t.Errorf("%d waiting, %d attempts after the restart", waiting, len(next.receiver.seen()))
		}
	})
}

// Rows that nobody can receive any more become dead letters without an attempt.
func TestSender_NoRecipient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		list := integrations{"mute": {}, "plain": {WebhookURL: "http://receiver.example"}}
		b := newBench(t, session.Settings{}, always(200), func(o *webhook.Options) {
			o.Integration = func(id string) (*session.Integration, bool) {
				in, ok := list.find(id)
				in.Active = id != "asleep"
				return in, ok || id == "asleep"
			}
		})
		for _, id := range []string{"gone", "asleep", "mute", "plain"} {
			b.outbox.add(delivery(id, newChain(t), 1))
		}
		b.start(t)
		synctest.Wait()
		if len(b.receiver.seen()) != 0 {
			t.Errorf("%d attempts", len(b.receiver.seen()))
		}
		for id, want := range map[string]string{"gone": "does not exist", "asleep": "not active", "mute": "no webhook_url", "plain": "https"} {
			letters, _ := b.outbox.DeadLetters(t.Context(), id, session.ID{}, 10)
			if len(letters) != 1 || !strings.Contains(letters[0].LastError, want) {
				t.Errorf("%s: %v", id, letters)
			}
		}
	})
}

// Many senders, many chains, failing at random: each row is delivered, first
// deliveries stay in order, and no two attempts of a row overlap.
func TestSender_ManyAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, session.Settings{}, nil)
		var mu sync.Mutex
		under := map[string]bool{}
		var order []hit
		b.receiver.answer = func(_ context.Context, h hit, n int) int {
			mu.Lock()
			if under[h.id] {
				t.Errorf("%s is sent twice at once", h.id)
			}
			under[h.id] = true
			mu.Unlock()
			<-time.After(time.Duration(n%7) * time.Second)
			mu.Lock()
			defer mu.Unlock()
			delete(under, h.id)
			if n%3 == 0 {
				return 500
			}
			order = append(order, h)
			return 200
		}
		var chains [][]string
		for range 12 {
			chain := newChain(t)
			var ids []string
			for i := range int64(6) {
				d := delivery("shop", chain, i+1)
				ids = append(ids, d.ID.String())
				b.outbox.add(d)
			}
			chains = append(chains, ids)
		}
		b.start(t)
		for range 2 {
			more := newBench(t, session.Settings{}, always(200), func(o *webhook.Options) { o.Outbox, o.Transport = b.outbox, b.receiver })
			more.start(t)
		}
		wait(2 * time.Hour)
		for _, ids := range chains {
			if got := only(order, ids); !slices.Equal(got, ids) {
				t.Errorf("delivered %v, want %v", got, ids)
			}
		}
	})
}
