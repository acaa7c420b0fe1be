# Values that go on in the next lines.
theme: /
    state: Text
        a: First line
            second line: with a colon
            1. numbered
            theme: dark
            Email: {{ $session.user.email }}

            after a blank line
        a:
            starts below
            # a comment inside
            and goes on || htmlEnabled = true
        a:no blank
        go!:/Text/Patterns
        state: Patterns
            q: * (one|
                two) *
                @entity.name three // a comment
                [$regexp<http://x>] "http://y"
                || fromState = /Text
            q!: last
patterns:
    $long = (alpha |
        # a comment between the pieces
  # another one, indented less
        beta:2 |  // and one behind
        $regexp<\d{1,2}
            =x>
        )
    $withConverter = one
        || converter = function(pt) {
            var url = "http://x"; // kept: it is code
            return {a: 1, b: [2, 3]};
        }
    $next = next || converter = $converters.next
