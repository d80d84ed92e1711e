-- Questions are ranked by the figures that wait on them, then by the places that these figures are of.

alter table ops.review_item add column places integer;   -- of the documents whose figures wait; null for one
