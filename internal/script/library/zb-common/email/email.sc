# $Email is an address of electronic mail; its value is the address.

require: ../common.js

patterns:
    $Email = $regexp_i<[a-z0-9._%+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+> || converter = $converters.textConverter
