<?php

/**
 * Checks Latchkey registration keys offline, in PHP 7.4 or newer with ext-sodium (part of PHP since 7.2).
 *
 * Plugin authors: copy `latchkey_check()`, and give it your publisher's public keys. It says whether a key is genuine;
 * only the service knows whether it was revoked, and until when its subscription runs.
 *
 * Run as a program, this file checks the function against the vectors beside it.
 */

declare(strict_types=1);

/**
 * @param string                $key        the text a customer pasted
 * @param array<string, string> $publicKeys base64 public keys of one publisher, by signing key id ("7k2m9xqd-1")
 *
 * @return array{valid: bool, code: string, signing_key: ?string, id: ?string, issued: ?string}
 *         `code` is OK, KEY_MISSING, KEY_DAMAGED (mistyped, cut, altered, or no key at all), KEY_FORMAT_UNKNOWN
 *         (a newer Latchkey's), KEY_FOREIGN (another publisher's), KEY_SIGNER_UNKNOWN or KEY_FORGED
 */
function latchkey_check(string $key, array $publicKeys): array
{
    $verdict = static function (string $code, array $m = []): array {
        return ['valid' => $code === 'OK', 'code' => $code, 'signing_key' => $m['kid'] ?? null,
            'id' => $m['id'] ?? null, 'issued' => $m['iat'] ?? null];
    };

    $key = trim($key, " \t\n\r\x0B\x0C");
    if ($key === '') {
        return $verdict('KEY_MISSING');
    }
    $json = strlen($key) > 1024 ? false : base64_decode($key, true);
    if ($json === false || base64_encode($json) !== $key) { // PHP forgives white space and missing padding
        return $verdict('KEY_DAMAGED');
    }

    $m = json_decode($json, true, 16);
    if (!is_array($m)) {
        return $verdict('KEY_DAMAGED');
    }
    if (is_int($m['v'] ?? null) && $m['v'] > 1) {
        return $verdict('KEY_FORMAT_UNKNOWN');
    }
    if (isset($m['signature']) && !isset($m['kid']) && !isset($m['iat'])) { // GLPI's own publisher, for one
        return $verdict('KEY_FOREIGN');
    }
    foreach (['kid', 'id', 'iat', 'signature'] as $name) {
        if (!is_string($m[$name] ?? null)) {
            return $verdict('KEY_DAMAGED');
        }
    }
    $signature = base64_decode($m['signature'], true);
    if (!preg_match('/^[0-9a-hjkmnp-tv-z]{8}-[1-9][0-9]{0,5}$/D', $m['kid']) || !preg_match('/^[0-9a-f]{32}$/D', $m['id'])
        || !preg_match('/^(\d{4})-(\d{2})-(\d{2})$/D', $m['iat'], $d) || !checkdate((int) $d[2], (int) $d[3], (int) $d[1])
        || $signature === false || strlen($signature) !== SODIUM_CRYPTO_SIGN_BYTES) {
        return $verdict('KEY_DAMAGED');
    }

    // Written anew and compared byte for byte: members twice, in another order or escaped differently do not pass.
    $signed = sprintf('{"v":1,"kid":"%s","id":"%s","iat":"%s"', $m['kid'], $m['id'], $m['iat']);
    if ($json !== $signed . ',"signature":"' . rtrim(base64_encode($signature), '=') . '"}') {
        return $verdict('KEY_DAMAGED');
    }

    if (!isset($publicKeys[$m['kid']])) {
        $publishers = array_map(static function ($kid): string { return substr((string) $kid, 0, 8); }, array_keys($publicKeys));
        $ours = in_array(substr($m['kid'], 0, 8), $publishers, true);
        return $verdict($ours ? 'KEY_SIGNER_UNKNOWN' : 'KEY_FOREIGN', $m);
    }
    $publicKey = base64_decode($publicKeys[$m['kid']], true);
    $genuine = sodium_crypto_sign_verify_detached($signature, "latchkey/registration-key\0" . $signed, $publicKey);
    return $verdict($genuine ? 'OK' : 'KEY_FORGED', $m);
}

if (realpath($_SERVER['SCRIPT_FILENAME'] ?? '') !== __FILE__) {
    return; // included by a plugin
}

if (!extension_loaded('sodium')) {
    fwrite(STDERR, "verify.php needs PHP's sodium extension: install it (it comes with php-cli on Debian).\n");
    exit(2);
}

$vectors = json_decode(file_get_contents(__DIR__ . '/registration-keys.json'), true, 16, JSON_THROW_ON_ERROR);
$mismatches = [];
$expect = static function (string $name, $expected, $found) use (&$mismatches): void {
    if ($expected !== $found) {
        $mismatches[] = sprintf('%s: expected %s, found %s', $name, json_encode($expected), json_encode($found));
    }
};

$publicKeys = [];
$pairs = [];
foreach ($vectors['signing_keys'] as $signer) {
    $pair = sodium_crypto_sign_seed_keypair(hex2bin($signer['seed_hex']));
    $expect($signer['kid'], $signer['public_key'], base64_encode(sodium_crypto_sign_publickey($pair)));
    $pairs[$signer['kid']] = $pair;
    $publicKeys[$signer['kid']] = $signer['public_key'];
}

foreach ($vectors['good'] as $case) {
    $found = latchkey_check($case['text'], $publicKeys);
    $expect($case['name'], ['valid' => true, 'code' => 'OK', 'signing_key' => $case['kid'], 'id' => $case['id'],
        'issued' => $case['iat']], $found);
    $signature = sodium_crypto_sign_detached(hex2bin($case['signed_hex']), sodium_crypto_sign_secretkey($pairs[$case['kid']]));
    $expect($case['name'] . ': signature', $case['signature_hex'], bin2hex($signature));
}

// What this function tells apart; every other code of the vectors is a finer name for KEY_DAMAGED.
$told = ['KEY_MISSING', 'KEY_FORMAT_UNKNOWN', 'KEY_FOREIGN', 'KEY_SIGNER_UNKNOWN', 'KEY_FORGED'];
foreach ($vectors['bad'] as $case) {
    $found = latchkey_check($case['text'], $publicKeys);
    $expect($case['name'], false, $found['valid']);
    $expect($case['name'], in_array($case['code'], $told, true) ? $case['code'] : 'KEY_DAMAGED', $found['code']);
}

foreach ($mismatches as $mismatch) {
    fwrite(STDERR, $mismatch . "\n");
}
printf("%d vectors checked\n", count($vectors['good']) + count($vectors['bad']));
exit($mismatches === [] ? 0 : 1);
