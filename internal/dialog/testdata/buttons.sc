theme: /
    state: A
        buttons: "On the line" -> ./B
        buttons:
            "Don't -> /x" -> /A
            'single "quotes"'
            "escaped \"quotes\"" -> /A/B,
            {text: "{{ $session.a }}", callback_data: "{{a}}:{{b}}"} -> .
            {text: 'x', transition: '/A', n: -1.5e3,}
            { url: "https://example.com" }
            {text: "open
        buttons:
            "A" => /A
            "A" ->
            {text: }
        state: B
            a: b
