#!/usr/bin/perl
# A harvester as people write one: HTTP::OAI of Debian's libhttp-oai-perl with onRecord. Goes on at the page that failed while the service is away.
use strict;
use warnings;
use HTTP::OAI;
use Time::HiRes qw(sleep);

my ($url, $from, $delay) = @ARGV;
$| = 1;
binmode(STDOUT, ':utf8');

my $dated = 0;
my $harvester = HTTP::OAI::Harvester->new(
    repository => HTTP::OAI::Identify->new(baseURL => $url, version => '2.0'),
);
my $tell = sub {
    my ($record, $response) = @_;
    print "date\t", $response->responseDate, "\n" unless $dated++;
    my $metadata = $record->metadata;
    my @subjects = $metadata ? map { $_->textContent } $metadata->dom->findnodes('.//*[local-name() = "subject"]') : ();
    print join("\t", 'record', $record->identifier, $record->datestamp, $record->is_deleted ? 1 : 0,
        join(' ', $record->header->setSpec), join('|', @subjects)), "\n";
    # its own delay is not kept between the pages of a list
    sleep $delay / 100;
};

my %asked = (metadataPrefix => 'oai_dc', ($from ? (from => $from) : ()));
for my $try (1 .. 200) {
    my $response = $harvester->ListRecords(%asked, onRecord => $tell);
    last if $response->is_success;
    # the page that failed, as its address names it
    my %page = URI->new($response->request->uri)->query_form;
    print "again\t", $response->message =~ s/\s+/ /gr, "\n";
    %asked = (resumptionToken => $page{resumptionToken}) if $page{resumptionToken};
    sleep 0.5;
    exit 1 if $try == 200;
}
print "end\n";
