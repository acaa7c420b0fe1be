# $Text is any text that has at least one word; its value is the text.

require: ../common.js

patterns:
    $Text = * $nonEmptyGarbage * || converter = $converters.textConverter
