package account

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Cost of a password hash: memory in KiB, passes, lanes.
type Cost struct {
	Memory uint32
	Passes uint32
	Lanes  uint8
}

// DefaultCost is the second of the equal choices of OWASP's Password Storage
// Cheat Sheet for argon2id, the one with the least memory that needs no more
// than two passes.
func DefaultCost() Cost { return Cost{Memory: 19 << 10, Passes: 2, Lanes: 1} }

// Bounds of a stored hash. A hash beyond them is not computed: a row that
// somebody wrote into the store must not take the machine.
const (
	maxMemory = 1 << 20 // KiB
	maxPasses = 16
	maxLanes  = 16
	saltBytes = 16
	hashBytes = 32
	maxDigest = 64
)

// phc is a password hash in the PHC string format:
// $argon2id$v=19$m=19456,t=2,p=1$salt$hash.
type phc struct {
	cost Cost
	salt []byte
	hash []byte
}

var errPHC = errors.New("not an argon2id hash in PHC format")

// parsePHC reads a stored hash. Every part is demanded, in its order.
func parsePHC(text string) (phc, error) {
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != "v="+strconv.Itoa(argon2.Version) {
		return phc{}, errPHC
	}
	cost, err := parseCost(parts[3])
	if err != nil {
		return phc{}, err
	}
	salt, err := decodePart(parts[4])
	if err != nil {
		return phc{}, err
	}
	hash, err := decodePart(parts[5])
	if err != nil {
		return phc{}, err
	}
	return phc{cost, salt, hash}, nil
}

func parseCost(text string) (Cost, error) {
	var values [3]uint64
	fields := strings.Split(text, ",")
	if len(fields) != len(values) {
		return Cost{}, errPHC
	}
	for i, name := range [...]string{"m=", "t=", "p="} {
		digits, ok := strings.CutPrefix(fields[i], name)
		n, err := strconv.ParseUint(digits, 10, 32)
		if !ok || err != nil || strconv.FormatUint(n, 10) != digits {
			return Cost{}, errPHC
		}
		values[i] = n
	}
	m, t, p := values[0], values[1], values[2]
	if p < 1 || p > maxLanes || t < 1 || t > maxPasses || m < 8*p || m > maxMemory {
		return Cost{}, fmt.Errorf("%w: the cost is out of range", errPHC)
	}
	return Cost{Memory: uint32(m), Passes: uint32(t), Lanes: uint8(p)}, nil
}

func decodePart(text string) ([]byte, error) {
	raw, err := base64.RawStdEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) < 8 || len(raw) > maxDigest || strings.ContainsAny(text, "\r\n") {
		return nil, errPHC
	}
	return raw, nil
}

func (h phc) String() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		h.cost.Memory, h.cost.Passes, h.cost.Lanes, b64.EncodeToString(h.salt), b64.EncodeToString(h.hash))
}
