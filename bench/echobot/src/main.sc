theme: /

    state: Echo
        q!: *
        a: You said: {{$request.query}}
