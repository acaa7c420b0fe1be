package postgres

import (
	"time"

	"parley/internal/session"
)

// pageLimit bounds every list; a limit of 0 means the bound.
const pageLimit = 1000

func bounded(limit int) int64 {
	if limit <= 0 || limit > pageLimit {
		return pageLimit
	}
	return int64(limit)
}

// firstID is the smallest id of a moment.
func firstID(ms int64) session.ID {
	id := session.NewID(time.UnixMilli(max(0, ms)))
	clear(id[6:])
	return id
}
