require: ../common.js
require: ../common.js

patterns:
    $Text = * $nonEmptyGarbage * || converter = $converters.text

theme: /Text
    state: Ask || modal = true
        a: {{ $injector.question }}
        go!: {{ $injector.next }}
