package program

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// The three lines that serve prints work when pasted into a shell.
func TestServeDemoPrintsLinesThatWork(t *testing.T) {
	t.Parallel()
	for _, flags := range [][]string{{"--demo"}, nil} {
		p := spawn(t, directory(t), flags...)
		var lines []string
		eventually(t, "three curl lines", func() bool {
			lines = nil
			for line := range strings.Lines(p.out.String()) {
				if strings.Contains(line, "curl ") && strings.HasSuffix(line, "\n") {
					lines = append(lines, strings.TrimSpace(line))
				}
			}
			return len(lines) == 3
		})
		// The answer follows the acceptance; a person takes longer to paste.
		lines[2] = "for i in $(seq 3000); do A=$(" + strings.TrimSuffix(lines[2], "; echo") + "); case $A in *responses*) break;; esac; sleep 0.02; done; echo $A"
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		cmd := exec.CommandContext(ctx, "bash", "-c", strings.Join(lines, "\n"))
		out, err := cmd.Output() // without what tee shows on standard error
		must(t, err)
		answers := strings.Split(strings.TrimSpace(string(out)), "\n")
		if len(answers) != 2 {
			t.Fatalf("the lines answered %q", out)
		}
		var accepted, transcript any
		must(t, json.Unmarshal([]byte(answers[0]), &accepted))
		must(t, json.Unmarshal([]byte(answers[1]), &transcript))
		if text(accepted, "request_id") == "" {
			t.Errorf("the second line answered %s", answers[0])
		}
		same(t, "the message", text(transcript, "messages", 0, "input", "text"), "hello")
		replies, _ := at(transcript, "messages", 1, "output", "responses").([]any)
		if flags == nil {
			same(t, "replies without a bot", len(replies), 0)
		} else if text(replies, 0, "text") == "" {
			t.Errorf("the demo bot said %v", replies)
		}
		same(t, "exit code", p.terminate(), 0)
	}
}

// A second start shows no key again, and the integration is still there.
func TestServeShowsTheKeyOnce(t *testing.T) {
	t.Parallel()
	dir := directory(t)
	for round := range 2 {
		s := startWith(t, setup{dir: dir, flags: []string{"--demo"}})
		same(t, "key shown", strings.Contains(s.out.String(), "API key:"), round == 0)
		same(t, "integrations", len(s.ask("integration", "list").([]any)), 1)
		same(t, "exit code", s.stop(), 0)
	}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	cert, key := certificate(t)
	p := spawn(t, directory(t), "--tls-cert", cert, "--tls-key", key)
	if !strings.HasPrefix(p.base, "https://") {
		t.Fatalf("serves %s", p.base)
	}
	shop := p.shop(nil).trusting(p.base)
	id := shop.open(nil)
	tab := newBrowsers(t).visit(shop, object{"rejectUnauthorized": false})
	same(t, "a socket over TLS", tab.join(id, nil)["session_id"], id)
	if res, err := caller().Get(strings.Replace(p.base, "https://", "http://", 1) + "/v1/web/" + shop.id); err == nil {
		_ = res.Body.Close()
		if res.StatusCode == http.StatusOK {
			t.Error("plain HTTP is answered on a TLS port")
		}
	}
}

// certificate makes a self-signed certificate for 127.0.0.1.
func certificate(t *testing.T) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "parley"}, NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	public, err := x509.CreateCertificate(rand.Reader, form, form, &private.PublicKey, private)
	must(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	must(t, err)
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	must(t, os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: public}), 0o600))
	must(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600))
	return cert, key
}

func TestPublicURL(t *testing.T) {
	t.Parallel()
	s := start(t, "--public-url", "https://chat.example/parley")
	if !strings.Contains(s.out.String(), "https://chat.example/parley/v1/custom/") {
		t.Errorf("serve printed\n%s", s.out)
	}
}

// SIGTERM: no new work, the running turn commits, sockets are told, exit 0.
func TestSignalDrains(t *testing.T) {
	t.Parallel()
	dir, web, hold := directory(t), newBrowsers(t), newHolder(t)
	p := spawnAt(t, vacant(t), dir, "--script-network", "127.0.0.1", "--shutdown-grace", "2m")
	shop := p.shop(nil, "--bot", bot(t, "shop"))
	tab := web.visit(shop, nil)
	made := tab.open(nil)
	id := text(made, "session_id")
	shop.say(id, hold.words())
	hold.wait()
	ended := make(chan int, 1)
	go func() { ended <- p.terminate() }()
	eventually(t, "readyz to say so", func() bool {
		res, err := caller().Get(p.watch + "/readyz")
		if err != nil {
			return false
		}
		_ = res.Body.Close()
		return res.StatusCode == http.StatusServiceUnavailable
	})
	tab.want("server:draining")
	tab.want("disconnect")
	hold.release()
	same(t, "exit code", <-ended, 0)
	p = spawnAt(t, strings.TrimPrefix(p.base, "http://"), dir)
	tab.until("connect") // sent away, not cut off: the client comes back by itself
	same(t, "what it missed", tab.missed(id, made["sequence"]), []string{"message:user", "message:brain_received"})
	list := shop.moved(p).transcript(id)
	if len(list) != 2 {
		t.Fatalf("the running turn did not commit: %v", list)
	}
	same(t, "answer", text(list[1], "output", "responses", 0, "text"), "Sorry, that did not work.")
	same(t, "attempts", text(list[0], "outcome"), "failed")
}

// missed resumes after a sequence and returns the names of what comes.
func (c *tab) missed(id string, after any) []string {
	c.t.Helper()
	c.emit("session:reconnect", object{"session_id": id, "last_sequence": after})
	var names []string
	late := time.After(patience)
	for {
		ev := c.take(late, "session:reconnected")
		if ev.name == "session:reconnected" {
			return names
		}
		names = append(names, ev.name)
	}
}

// kill -9 in the middle of load loses nothing that was acknowledged, and
// answers nothing twice.
func TestKillLosesNothingAcknowledged(t *testing.T) {
	t.Parallel()
	const writers = 6
	hook, dir := newReceiver(t), directory(t)
	p := spawn(t, dir)
	shop := p.shop(hook.settings(nil), "--bot", bot(t, "shop"))
	ids := make([]string, writers)
	for w := range ids {
		ids[w] = shop.open(nil)
	}
	var mu sync.Mutex
	messages, keys := make([][]string, writers), make([][]string, writers)
	for range 3 {
		var enough atomic.Int64
		var all sync.WaitGroup
		for w := range writers {
			all.Go(func() {
				for i := 0; ; i++ {
					key := fmt.Sprintf("k%d_%d", w, enough.Add(1))
					a, err := shop.try("PATCH", shop.at(ids[w], "/context"), object{key: i})
					if err != nil {
						return // the server is gone
					}
					mu.Lock()
					if a.status == 200 {
						keys[w] = append(keys[w], key)
					}
					mu.Unlock()
					a, err = shop.try("POST", shop.at(ids[w], "/messages"), object{"input": object{"text": "count"}})
					if err != nil {
						return
					}
					mu.Lock()
					if a.status == 202 {
						messages[w] = append(messages[w], text(a.body, "message_id"))
					}
					mu.Unlock()
				}
			})
		}
		eventually(t, "load", func() bool { return enough.Load() > 150 })
		p.kill()
		all.Wait()
		p = spawn(t, dir)
		shop = shop.moved(p)
	}
	for w, id := range ids {
		checkAcknowledged(t, shop, id, messages[w], keys[w])
	}
}

func checkAcknowledged(t *testing.T, shop *shop, id string, messages, keys []string) {
	t.Helper()
	var list []any
	var stands map[string]int
	eventually(t, "every acknowledged message to be answered", func() bool {
		list, stands = shop.wholeTranscript(id), map[string]int{}
		for _, m := range list {
			stands[text(m, "message_id")]++
		}
		missing := slices.ContainsFunc(messages, func(m string) bool { return stands[m] == 0 })
		return !missing && len(list)%2 == 0
	})
	for i, m := range list {
		if i%2 == 0 {
			same(t, "author", text(m, "author"), "user")
		} else {
			same(t, "each turn ran once", text(m, "output", "responses", 0, "text"), fmt.Sprintf("%d of %d", i/2+1, i/2+1))
		}
	}
	for _, m := range messages {
		same(t, "acknowledged message "+m, stands[m], 1)
	}
	context, _ := at(shop.show(id), "context").(object)
	for _, key := range keys {
		if _, ok := context[key]; !ok {
			t.Errorf("the confirmed key %s is gone", key)
		}
	}
}

// wholeTranscript reads all pages.
func (p *shop) wholeTranscript(id string) []any {
	p.t.Helper()
	var all []any
	after := "0"
	for {
		a := p.call(200, "GET", p.ours(id, "/messages?exact=true&limit=200&after="+after), nil)
		list, _ := at(a.body, "messages").([]any)
		all = append(all, list...)
		next, more := at(a.body, "next_after").(float64)
		if !more {
			return all
		}
		after = strconv.FormatInt(int64(next), 10)
	}
}

// A broken directory leaves the version in service; a mended one replaces it.
func TestBotReload(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "bot")
	must(t, os.CopyFS(dir, os.DirFS(bot(t, "shop"))))
	main := filepath.Join(dir, "src", "main.sc")
	right, err := os.ReadFile(main)
	must(t, err)
	s := start(t)
	shop := s.shop(nil, "--bot", dir)
	id := shop.open(nil)
	same(t, "first version", shop.talk(id, "hello"), "You said: hello")

	must(t, os.WriteFile(main, append(right, "\n    state: Late\n        q!: (\n"...), 0o600))
	r := parley(t, "bot", "reload", "--data", s.dir)
	if r.code != 1 || !strings.Contains(r.err, "main.sc:") || !strings.Contains(r.err, "stays") {
		t.Errorf("reload of a broken bot: exit code %d, %q", r.code, r.err)
	}
	same(t, "it stays", shop.talk(id, "hello"), "You said: hello")

	must(t, os.WriteFile(main, []byte(strings.ReplaceAll(string(right), "You said", "I heard")), 0o600))
	s.ask("bot", "reload")
	same(t, "second version", shop.talk(id, "hello"), "I heard: hello")
	same(t, "a running session goes on", shop.talk(id, "count"), "1 of 1")

	must(t, os.WriteFile(main, []byte("theme: /\n    state: (\n        q!: ("), 0o600))
	s.stop()
	s = startWith(t, setup{dir: s.dir}) // a server starts in spite of a broken bot
	shop = shop.movedTo(s)
	shop.call(202, "POST", shop.at(id, "/messages"), object{"input": object{"text": "hello"}})
	same(t, "list", len(s.ask("integration", "list").([]any)), 2)
}

// session list, show and close on the command line, while the server runs.
func TestSessionCommands(t *testing.T) {
	t.Parallel()
	hook := newReceiver(t)
	s := start(t)
	shop := s.scripted(hook.settings(nil))
	first, second := shop.open(object{"external_session_id": "order-1"}), shop.open(nil)
	shop.talk(first, "hello")
	list, _ := s.ask("session", "list", "--integration", shop.id).([]any)
	if len(list) != 2 || text(list[0], "session_id") != second || text(list[1], "external_session_id") != "order-1" {
		t.Errorf("session list: %v", list)
	}
	shown := s.ask("session", "show", first)
	same(t, "status", text(shown, "status"), "active")
	same(t, "owner", text(shown, "owner"), "bot")
	same(t, "message", text(shown, "messages", 0, "body", "input", "text"), "hello")
	same(t, "answer", text(shown, "messages", 1, "body", "responses", 0, "text"), "You said: hello")
	same(t, "closed", text(s.ask("session", "close", first), "status"), "closed")
	same(t, "webhook", hook.want("session:closed", 1).body["reason"], "api")
	shop.call(404, "POST", shop.at(first, "/close"), nil)
	same(t, "active ones", len(s.ask("session", "list", "--status", "active", "--integration", shop.id).([]any)), 1)
	shown = s.ask("session", "show", first) // also after its end
	same(t, "status", text(shown, "status"), "closed")
	same(t, "reason", text(shown, "reason"), "api")
	if r := parley(t, "session", "close", first, "--data", s.dir); r.code != 1 {
		t.Errorf("a second close: exit code %d, %s%s", r.code, r.out, r.err)
	}
	same(t, "no open session is without a timer", len(s.ask("session", "list", "--stale", "1s").([]any)), 0)
	if r := parley(t, "session", "list", "--stale", "soon", "--data", s.dir); r.code == 0 || !strings.Contains(r.err, "30d") {
		t.Errorf("--stale soon: exit code %d, %s", r.code, r.err)
	}
	plain := parley(t, "session", "list", "--data", s.dir)
	if !strings.Contains(plain.out, "STATUS") || !strings.Contains(plain.out, second) {
		t.Errorf("session list prints\n%s", plain.out)
	}
}
