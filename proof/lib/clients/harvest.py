"""A harvester as people write one, with Sickle. Goes on with the token of the last page while the service is away."""
import sys
import time

import requests
from sickle import Sickle
from sickle.oaiexceptions import NoRecordsMatch

url, since, delay = sys.argv[1], sys.argv[2], float(sys.argv[3])
DC = '{http://purl.org/dc/elements/1.1/}subject'
sickle = Sickle(url, max_retries=3, default_retry_after=1, timeout=30)


def tell(*parts):
    print('\t'.join(parts), flush=True)


asked = {'metadataPrefix': 'oai_dc', **({'from': since} if since else {})}
dated = False
for attempt in range(200):
    try:
        pages = sickle.ListRecords(**asked)
        if not dated:
            tell('date', pages.oai_response.xml.findtext('{http://www.openarchives.org/OAI/2.0/}responseDate'))
            dated = True
        for record in pages:
            header = record.header
            subjects = [] if record.deleted else [e.text or '' for e in record.xml.iter(DC)]
            tell('record', header.identifier, header.datestamp, '1' if record.deleted else '0',
                 ' '.join(header.setSpecs), '|'.join(subjects))
            token = pages.resumption_token.token if pages.resumption_token else None
            # the next page is asked for with the last record of this one
            if token and token != asked.get('resumptionToken'):
                asked = {'resumptionToken': token}
                time.sleep(delay)
        tell('end')
        sys.exit(0)
    except NoRecordsMatch:
        tell('end')
        sys.exit(0)
    except requests.exceptions.RequestException as error:
        tell('again', type(error).__name__)
        time.sleep(0.5)
sys.exit(1)
