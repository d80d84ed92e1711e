-- One row per fact that may be published, preferred or rival.
select * exclude (kind, modality, modality_zh, nature)
from core.published_observation
where kind = 'fact'
