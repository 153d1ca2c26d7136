/** The words that names, titles, stories and comments are put together from. */

export type Words = readonly [string, ...string[]]

export const GIVEN: Words = [
  'Avelin', 'Brisa', 'Corvane', 'Dunmara', 'Elowyn', 'Faelin', 'Gisara', 'Hollin', 'Ilvane', 'Jorun', 'Kestrin',
  'Liorel', 'Mirelle', 'Novalie', 'Orsolan', 'Perrin', 'Quillan', 'Runa', 'Sorrel', 'Tamsara', 'Ulvi', 'Vesper',
  'Wrenna', 'Xanthe', 'Yarrow', 'Zephine', 'Alder', 'Briar', 'Caspian', 'Damaris', 'Ember', 'Fenn', 'Galen', 'Hazel',
  'Isaur', 'Juniper', 'Lark', 'Marlo', 'Nerine', 'Oriel',
]

export const SURNAME_STARTS: Words = [
  'Amber', 'Thistle', 'Moss', 'Fern', 'Lark', 'Fen', 'Wick', 'Hollow', 'Marl', 'Clover', 'Saffron', 'Willow', 'Heron',
  'Tansy', 'Alder', 'Moth', 'Rook', 'Salt', 'Linden', 'Brindle', 'Quince', 'Larch', 'Dusk', 'Bramble', 'Gorse',
]

export const SURNAME_ENDS: Words = [
  'field', 'mere', 'down', 'hollow', 'wick', 'water', 'shade', 'garth', 'moor', 'combe', 'lea', 'strand', 'thorn', 'fold',
]

export const PLACES: Words = [
  'a lighthouse on the Gorse Coast', 'the third floor of an old sugar mill', 'a houseboat that rarely moves',
  'a greenhouse at the end of the tram line', 'a village with more bees than people', 'a former telegraph office',
  'an attic above a clockmaker’s shop', 'a fire tower in the pine hills', 'a converted chapel by the estuary',
  'a caravan parked among plum trees', 'a quiet street behind the fish market', 'a shed at the edge of a salt marsh',
  'the warm side of a bakery wall', 'an island with one road', 'a ferry-keeper’s cottage', 'a studio over the night train',
]

export const PRACTICES: Words = [
  'draws with rules and lets chance hold the pencil', 'collects the shapes that wind leaves behind',
  'has been painting the same horizon for years, and never twice', 'works slowly, by seed and by season',
  'maps places that are easier to remember than to find', 'is interested in what order looks like from far away',
  'counts petals, tides and tiles', 'makes pictures the way other people keep a garden',
  'believes that every pattern is a kind of weather', 'looks for the moment just before a pattern becomes obvious',
  'folds geometry until it softens', 'learned colour from jars of honey held up to the window',
]

export const HABITS: Words = [
  'Prints are pulled in small editions and signed on the back.', 'Each edition ends when the ink does.',
  'Nothing is retouched: what the seed gives, the paper keeps.', 'New works appear after rain.',
  'The studio keeps two hives and no clock.', 'Every print travels with a note on the seed it grew from.',
  'Most works begin before breakfast.', 'Visitors are welcome; the kettle is always on.',
]

export const ADJECTIVES: Words = [
  'Quiet', 'Golden', 'Unhurried', 'Half-Remembered', 'Patient', 'Distant', 'Tender', 'Borrowed', 'Salt-White', 'Amber',
  'Drowsy', 'Second', 'Wandering', 'Late', 'Luminous', 'Hidden', 'Folded', 'Small', 'Restless', 'Weightless', 'Old',
  'Gentle', 'Unsent', 'Last', 'Slow', 'Velvet', 'Lucid', 'Faithful', 'Northern', 'Honeyed',
]

export const TIMES: Words = [
  'at Dusk', 'before Rain', 'in Late Summer', 'after the Harvest', 'by Candlelight', 'at First Light', 'in a Dry Year',
  'on the Longest Day', 'under Two Moons', 'in the Off Season', 'at Low Tide', 'without a Map', 'for a Sleepless Night',
  'seen from the Train', 'in Seven Colours', 'with the Windows Open',
]

export const ABSTRACTS: Words = [
  'Patience', 'Return', 'the Interior', 'Small Hours', 'Departure', 'Warmth', 'Distance', 'Forgetting', 'Good Weather',
  'Sleep', 'Arrival', 'Plenty', 'Silence', 'Wonder', 'October', 'the Far Shore', 'Long Division', 'Tenderness',
]

export const TAGS: Words = [
  'calm', 'warm', 'cool', 'bold', 'night', 'morning', 'geometry', 'organic', 'minimal', 'intricate', 'nature', 'cosmic',
  'honey', 'bees', 'sea', 'desert', 'garden', 'architecture', 'music', 'dream', 'autumn', 'spring', 'winter', 'summer',
]

export const GUESTS: Words = [
  'Ari', 'Bo', 'Cleo', 'Dov', 'Esme', 'Finn', 'Gus', 'Hana', 'Ines', 'Jude', 'Kit', 'Lou', 'Mika', 'Nell', 'Otto', 'Pia',
  'Remy', 'Suki', 'Theo', 'Una', 'Vik', 'Wim', 'Yara', 'Zuri',
]

export const REMARKS: Words = [
  'I keep coming back to this one.', 'The colours are even better in the evening.', 'Looks wonderful above our table.',
  'My daughter says it hums.', 'Bought one for my sister; she cried a little.', 'Exactly the quiet I was looking for.',
  'How does a rule make something this gentle?', 'I see a new path through it every day.', 'Restful without being dull.',
  'The accent colour is what makes it.', 'It reminds me of a place I have never been.', 'Could look at this for hours.',
  'Framed it in plain oak. Perfect.', 'Smaller than I imagined, and lovelier.', 'The bees approve.',
  'There is so much going on, and still it is calm.', 'I would love to see this one in blue.', 'This is the one.',
]
