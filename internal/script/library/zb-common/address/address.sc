# $Address is a postal address with at least a street and a house; the values of
# all patterns are their texts.

require: ../common.js

patterns:
    $addressKind = (улица|улице|улицу|улицы|ул|проспект|проспекте|проспекту|пр|просп|пр-т|переулок|переулке|пер|бульвар|бульваре|бул|площадь|площади|пл|шоссе|набережная|набережной|наб|проезд|проезде|тупик|аллея|аллее|street|st|avenue|ave|road|rd|lane|square|boulevard|drive)
    $addressWord = $regexp_i<(\d{1,3}-?(й|я|го|ая|ый|летия)|[a-zа-я-]+)>
    $addressStreet = ($addressKind [.] $addressWord [$addressWord]|$addressWord [$addressWord] $addressKind) || converter = $converters.textConverter
    $addressHome = [дом|дома|доме|д|house|building] [.] $regexp_i<\d{1,4}( ?[а-яa-z]|[/-]\d{1,3})?> [(корпус|корп|к|строение|стр) [.] $regexp<\d{1,3}>] || converter = $converters.textConverter
    $addressFlat = (квартира|квартире|квартиру|кв|офис|оф|flat|apartment|apt|office) [.] $regexp<\d{1,5}> || converter = $converters.textConverter
    $addressCity = (город|городе|г|city) [.] [of] $addressWord || converter = $converters.textConverter
    $Address = [$addressCity] ($addressStreet $addressHome|$addressHome $addressStreet) [$addressFlat] || converter = $converters.textConverter
