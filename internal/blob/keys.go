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
)

// Keys sign the URLs of files. They lie in a file that only this program
// reads; the newest signs, the others are believed until they are forgotten.
type Keys struct {
	path string
	mu   sync.Mutex
	list []key // oldest first, never empty
}

type key struct {
	ID        string `json:"id"`
	Secret    []byte `json:"secret"`
	CreatedMs int64  `json:"created_ms"`
}

// OpenKeys reads the keys of a file, which is made with a first key if absent.
func OpenKeys(path string, at time.Time) (*Keys, error) {
	k := &Keys{path: path}
	raw, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("keys of files: %w", err)
	default:
		if err := json.Unmarshal(raw, &k.list); err != nil {
			return nil, fmt.Errorf("keys of files: %s: %w", path, err)
		}
	}
	for _, one := range k.list {
		if len(one.Secret) != keyBytes || one.ID == "" {
			return nil, fmt.Errorf("keys of files: %s holds a broken key", path)
		}
	}
	if len(k.list) == 0 {
		return k, k.Rotate(at)
	}
	return k, k.Age(at)
}

// Rotate makes a new key, which signs from now on. URLs of the old ones stay
// valid.
func (k *Keys) Rotate(at time.Time) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	secret := make([]byte, keyBytes)
	_, _ = rand.Read(secret) // crypto/rand.Read never fails (Go 1.24)
	return k.save(append(k.list[:len(k.list):len(k.list)], key{ID: rand.Text()[:8], Secret: secret, CreatedMs: at.UnixMilli()}))
}

// Age replaces a key that is old and forgets those that nothing in use was
// signed with.
func (k *Keys) Age(at time.Time) error {
	if newest := time.UnixMilli(k.newest().CreatedMs); at.Sub(newest) >= keyLife {
		if err := k.Rotate(at); err != nil {
			return err
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	keep := 0
	for keep < len(k.list)-1 && at.Sub(time.UnixMilli(k.list[keep+1].CreatedMs)) >= keyMemory {
		keep++ // replaced long ago
	}
	if keep == 0 {
		return nil
	}
	return k.save(k.list[keep:len(k.list):len(k.list)])
}

// save writes a list and then uses it. mu is held.
func (k *Keys) save(list []key) error {
	raw, err := json.Marshal(list)
	if err != nil {
		return err
	}
	part, err := os.CreateTemp(filepath.Dir(k.path), ".keys-*") // 0600
	if err != nil {
		return fmt.Errorf("keys of files: %w", err)
	}
	_, err = part.Write(raw)
	if err = errors.Join(err, part.Sync(), part.Close()); err == nil {
		err = os.Rename(part.Name(), k.path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("keys of files: %w", err), os.Remove(part.Name()))
	}
	k.list = list
	return nil
}

func (k *Keys) newest() key {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.list[len(k.list)-1]
}

func (k *Keys) find(id string) (key, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
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
