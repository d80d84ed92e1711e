-- One row per target that may be published, preferred or rival.
select * exclude (kind)
from core.published_observation
where kind = 'target'
