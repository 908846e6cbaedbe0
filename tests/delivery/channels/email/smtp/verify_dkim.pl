# Says what Mail::DKIM (Perl) makes of the e-mail on standard input: "pass", "fail (body has been altered)", …
# Arguments: the name and the text of the key's TXT record, which it takes for the DNS.
use strict;
use warnings;
use Mail::DKIM::Verifier;

my ($name, $text) = @ARGV;
{
    package Record;
    sub type    { return 'TXT' }
    sub txtdata { return $text }
}
{
    no warnings 'redefine';
    *Mail::DKIM::DNS::query = sub { return lc $_[0] eq lc $name ? (bless {}, 'Record') : () };
}
my $dkim = Mail::DKIM::Verifier->new;
binmode STDIN;
$dkim->PRINT($_) while <STDIN>;
$dkim->CLOSE;
print $dkim->result_detail, "\n";
