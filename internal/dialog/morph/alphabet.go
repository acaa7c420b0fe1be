package morph

// The dictionary is written in Windows-1251.
const (
	byteE  = 0xe5 // "е"
	byteYo = 0xb8 // "ё"
)

// encode gives a word in the alphabet of the dictionary. ok is false when it has
// other letters.
func encode(word string) (out []byte, ok bool) {
	out = make([]byte, 0, len(word)/2+1)
	for _, r := range word {
		switch {
		case 'А' <= r && r <= 'я':
			out = append(out, byte(r-'А'+0xc0))
		case r == 'ё':
			out = append(out, byteYo)
		case r > 1 && r < 0x80:
			out = append(out, byte(r))
		default:
			return nil, false
		}
	}
	return out, true
}

// decode is encode backwards.
func decode(word []byte) string {
	out := make([]rune, len(word))
	for i, b := range word {
		switch {
		case b >= 0xc0:
			out[i] = rune(b) - 0xc0 + 'А'
		case b == byteYo:
			out[i] = 'ё'
		default:
			out[i] = rune(b)
		}
	}
	return string(out)
}
