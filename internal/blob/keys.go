package blob

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"parley/internal/session"
)

// Purpose is what a signed URL allows.
type Purpose string

const (
	Upload   Purpose = "upload"
	Download Purpose = "download"
)

const (
	keyBytes = 32
	// keyLife is how long a key signs; keyMemory how long after that it is
	// still believed, longer than any URL lives.
	keyLife   = 30 * 24 * time.Hour
	keyMemory = 24 * time.Hour
	// downloadStep is what download URLs expire on, so that a page that is drawn
	// again finds the picture it has.
	downloadStep = 5 * time.Minute
	// readAgain is how often a key that is not known may cost a look at the ring.
	readAgain = time.Second
)

// Keys sign the URLs of files. They lie in a file that only this program
// reads, or where all nodes of a cluster find them; the newest signs, the others
// are believed until they are forgotten.
type Keys struct {
	ring Ring
	mu   sync.Mutex
	raw  []byte // as the ring has them
	list []key  // oldest first, never empty
	read time.Time
}

// Ring is where keys are kept.
type Ring interface {
	// Read returns what is kept, nil for nothing yet.
	Read() ([]byte, error)
	// Replace keeps something else, where what is kept is what it was before; it
	// reports whether it was.
	Replace(before, after []byte) (bool, error)
}

type key struct {
	ID        string `json:"id"`
	Secret    []byte `json:"secret"`
	CreatedMs int64  `json:"created_ms"`
}

// OpenKeys reads the keys of a file, which is made with a first key if absent.
func OpenKeys(path string, at time.Time) (*Keys, error) { return NewKeys(keyFile(path), at) }

// NewKeys reads the keys of a ring, which gets a first key if it has none.
func NewKeys(ring Ring, at time.Time) (*Keys, error) {
	k := &Keys{ring: ring}
	return k, k.Age(at)
}

// Rotate makes a new key, which signs from now on. URLs of the old ones stay
// valid.
func (k *Keys) Rotate(at time.Time) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.change(func(list []key) []key { return append(list, newKey(at)) })
}

func newKey(at time.Time) key {
	secret := make([]byte, keyBytes)
	_, _ = rand.Read(secret) // crypto/rand.Read never fails (Go 1.24)
	return key{ID: rand.Text()[:8], Secret: secret, CreatedMs: at.UnixMilli()}
}

// Age reads what other nodes made of the keys, replaces one that is old and forgets
// those that nothing in use was signed with.
func (k *Keys) Age(at time.Time) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.change(func(list []key) []key {
		if len(list) == 0 || at.Sub(time.UnixMilli(list[len(list)-1].CreatedMs)) >= keyLife {
			list = append(list, newKey(at))
		}
		keep := 0
		for keep < len(list)-1 && at.Sub(time.UnixMilli(list[keep+1].CreatedMs)) >= keyMemory {
			keep++ // replaced long ago
		}
		return list[keep:]
	})
}

// change keeps what next makes of the keys as they are, and then uses it. mu is held.
func (k *Keys) change(next func([]key) []key) error {
	for {
		if err := k.load(); err != nil {
			return err
		}
		list := next(slices.Clip(k.list))
		raw, err := json.Marshal(list)
		if err != nil {
			return err
		}
		if len(list) == len(k.list) && len(list) > 0 && list[len(list)-1].ID == k.list[len(list)-1].ID {
			return nil
		}
		done, err := k.ring.Replace(k.raw, raw)
		if err != nil {
			return fmt.Errorf("keys of files: %w", err)
		}
		if done {
			k.raw, k.list = raw, list
			return nil
		}
	}
}

// load reads the ring. mu is held.
func (k *Keys) load() error {
	raw, err := k.ring.Read()
	if err != nil {
		return fmt.Errorf("keys of files: %w", err)
	}
	var list []key
	if raw != nil {
		err = json.Unmarshal(raw, &list)
	}
	if err != nil {
		return fmt.Errorf("keys of files: what is kept is broken: %w", err)
	}
	for _, one := range list {
		if len(one.Secret) != keyBytes || one.ID == "" {
			return errors.New("keys of files: what is kept holds a broken key")
		}
	}
	k.raw, k.list = raw, list
	return nil
}

// keyFile is the path of a file with keys.
type keyFile string

// Read is Ring's.
func (f keyFile) Read() ([]byte, error) {
	raw, err := os.ReadFile(string(f))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return raw, err
}

// Replace is Ring's. One process has the file.
func (f keyFile) Replace(_, after []byte) (bool, error) {
	part, err := os.CreateTemp(filepath.Dir(string(f)), ".keys-*") // 0600
	if err != nil {
		return false, err
	}
	_, err = part.Write(after)
	if err = errors.Join(err, part.Sync(), part.Close()); err == nil {
		err = os.Rename(part.Name(), string(f))
	}
	if err != nil {
		return false, errors.Join(err, os.Remove(part.Name()))
	}
	return true, nil
}

func (k *Keys) newest() key {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.list[len(k.list)-1]
}

func (k *Keys) find(id string) (key, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if one, ok := k.held(id); ok {
		return one, true
	}
	if at := time.Now(); at.Sub(k.read) >= readAgain { // another node may have made it since
		k.read = at
		_ = k.load() // then it is not known
	}
	return k.held(id)
}

// held is a key of the list. mu is held.
func (k *Keys) held(id string) (key, bool) {
	for _, one := range k.list {
		if one.ID == id {
			return one, true
		}
	}
	return key{}, false
}

// sign returns the query of a URL that is valid for its purpose from a moment
// on.
func (k *Keys) sign(p Purpose, id session.ID, at time.Time) url.Values {
	until := at.Add(session.UploadLife)
	if p == Download {
		until = at.Truncate(downloadStep).Add(session.DownloadLife)
	}
	one, expires := k.newest(), strconv.FormatInt(until.Unix(), 10)
	return url.Values{"expires": {expires}, "key": {one.ID}, "signature": {one.sign(p, id, expires)}}
}

func (one *key) sign(p Purpose, id session.ID, expires string) string {
	mac := hmac.New(sha256.New, one.Secret)
	fmt.Fprintf(mac, "%s\n%s\n%s", p, id, expires)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// check refuses the query of a URL that was not signed here for its purpose, or
// whose time is over, with CodeUnauthorized.
func (k *Keys) check(p Purpose, id session.ID, q url.Values, at time.Time) error {
	one, ok := k.find(q.Get("key"))
	want := one.sign(p, id, q.Get("expires"))
	if !ok || subtle.ConstantTimeCompare([]byte(want), []byte(q.Get("signature"))) != 1 {
		return &session.Error{Code: session.CodeUnauthorized, Message: "the URL was not made here, or was changed"}
	}
	if until, err := strconv.ParseInt(q.Get("expires"), 10, 64); err != nil || at.Unix() >= until {
		return &session.Error{Code: session.CodeUnauthorized, Message: "the URL has expired; ask for a new one"}
	}
	return nil
}
