<?php

/**
 * Asks the vendor's Latchkey whether a plugin is open. Needs nothing but PHP 7.4 and its JSON.
 *
 * The answer has three values, not two: open, not open (with what to tell the administrator), and nobody knows, because
 * the service could not be reached or could not say. Keep the last answer that was known for some days, and never close a
 * plugin because of the third.
 *
 * @param string $operation 'activations', 'validations' or 'deactivations'
 * @param array<string, string|bool|null> $site key, plugin, plugin_version, url, uid, glpi_version, environment
 * @return array{open: ?bool, code: string, message: string}
 */
function latchkey_ask(string $service, string $operation, array $site, string $language = 'en'): array
{
    $context = stream_context_create(['http' => [
        'method' => 'POST',
        'header' => "Content-Type: application/json\r\nAccept-Language: $language\r\n",
        'content' => json_encode(array_filter($site, fn ($value) => $value !== null)),
        'timeout' => 5,
        'ignore_errors' => true,
        // The key must not travel to whatever host a redirect names.
        'follow_location' => 0,
    ]]);
    $body = @file_get_contents("$service/api/v1/$operation", false, $context);
    $status = (int) substr($http_response_header[0] ?? '', 9, 3);
    $answer = is_string($body) ? json_decode($body, true) : null;
    if ($status === 200 && is_array($answer)) {
        return ['open' => true, 'code' => $answer['code'] ?? '', 'message' => $answer['message'] ?? ''];
    }
    // 404, 409 and 422 are verdicts. 429 and 5xx are not, and neither is anything that is no problem document.
    if (in_array($status, [404, 409, 422], true) && isset($answer['code'], $answer['detail'], $answer['next_step'])) {
        return ['open' => false, 'code' => $answer['code'], 'message' => "$answer[detail] $answer[next_step]"];
    }
    return ['open' => null, 'code' => $answer['code'] ?? 'UNREACHABLE', 'message' => ''];
}

// php plugin-licence.php SERVICE OPERATION SITE-AS-JSON: for trying it, and for its test.
if (PHP_SAPI === 'cli' && realpath($argv[0] ?? '') === __FILE__) {
    echo json_encode(latchkey_ask($argv[1], $argv[2], json_decode($argv[3], true), $argv[4] ?? 'en')), "\n";
}
