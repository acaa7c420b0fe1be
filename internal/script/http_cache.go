package script

import (
	"encoding/json"
	"sync"
	"time"
)

// httpCache keeps results of calls that asked for it (script-api 2.4).
type httpCache struct {
	mu   sync.Mutex
	kept map[string]cachedAnswer
	size int
}

type cachedAnswer struct {
	result string
	until  time.Time
}

// maxCacheBytes bounds what one bot keeps.
const maxCacheBytes = 16 << 20

// cacheKey compares structurally: the names of objects are put in order, and
// functions never cross the border.
func (q *httpRequest) cacheKey() string {
	var tree any
	_ = json.Unmarshal([]byte(marshal([]any{q.Method, q.URL, q.Headers, q.Query, q.Body, q.Form, q.DataType})), &tree)
	return marshal(tree)
}

// get is the kept result, "" for none.
func (c *httpCache) get(key string, now time.Time) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	hit, ok := c.kept[key]
	if !ok || !now.Before(hit.until) {
		return ""
	}
	return hit.result
}

func (c *httpCache) put(key, result string, now time.Time, ttl time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop(key)
	if c.size+len(key)+len(result) > maxCacheBytes {
		for other, a := range c.kept {
			if !now.Before(a.until) {
				c.drop(other)
			}
		}
	}
	if c.size+len(key)+len(result) > maxCacheBytes {
		return // full of what still counts
	}
	c.kept[key] = cachedAnswer{result: result, until: now.Add(ttl)}
	c.size += len(key) + len(result)
}

func (c *httpCache) drop(key string) {
	if old, ok := c.kept[key]; ok {
		c.size -= len(key) + len(old.result)
		delete(c.kept, key)
	}
}
